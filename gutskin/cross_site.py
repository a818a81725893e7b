"""Cross-site requests: did another website make the browser send this?

Django's CSRF check refuses a POST without a token. These functions serve where that is not enough: on the page that
answers a refused POST, which must not show another site's words as the visitor's own, and on forms of cached pages,
which can hold no token. They read headers set by browsers, `Sec-Fetch-Site` (Fetch Metadata, W3C) and `Origin`
(RFC 6454), which no script of a page can set.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_cross_site(request: HttpRequest) -> bool:
    """Does the browser say that another site sent this? One that says nothing is taken for our own page."""
    if site := request.headers.get("Sec-Fetch-Site"):
        # none: typed, or from a bookmark. Another sub-domain (same-site) is another site.
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and not _has_our_host(origin, request)


def is_same_origin(request: HttpRequest) -> bool:
    """Does the browser say that a page of ours sent this? One that says nothing is not believed.

    The stricter of the two: for pages with a button that would send the same form once more.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _has_our_host(origin, request):
    try:
        return urlsplit(origin).netloc == request.get_host()
    except ValueError:  # such as “http://[”
        return False
