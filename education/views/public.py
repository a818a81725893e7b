"""The decorator of every reading page."""

from django.views.decorators.cache import cache_control

from gutskin.http_methods import require_safe


def public_page(view):
    """GET and HEAD only, and cacheable, because the page is the same for everybody.

    `no-cache` makes caches revalidate it every time, so that a withdrawn page disappears at once.
    """
    return require_safe(cache_control(public=True, no_cache=True)(view))
