"""What holds for every reading page."""

from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


def public_page(view):
    """The same bytes for everybody, kept by caches but asked about each time, so that a withdrawn page goes at once."""
    return require_safe(cache_control(public=True, no_cache=True)(view))
