"""The decorator of every reading page."""

from collections.abc import Iterable
from functools import wraps

from django.views.decorators.cache import cache_control

from gutskin.http_methods import require_safe


def public_page(view=None, *, query: Iterable[str] = ()):
    """GET and HEAD only, and cacheable, because the page is the same for everybody.

    `no-cache` makes caches revalidate it every time, so that a withdrawn page disappears at once. Our own page cache
    (gutskin/page_cache/) keeps it if the query string has no other names than those in `query`.
    """

    def decorate(view):
        view = require_safe(cache_control(public=True, no_cache=True)(_without_last_modified(view)))
        view.page_cache_query = frozenset(query)
        return view

    return decorate if view is None else decorate(view)


def _without_last_modified(view):
    """Feeds and sitemaps name the day of their newest entry, which stays the same when another one is withdrawn.

    Their ETag says whether they changed.
    """

    @wraps(view)
    def answer(*args, **kwargs):
        response = view(*args, **kwargs)
        response.headers.pop("Last-Modified", None)
        return response

    return answer
