"""Cross-site requests: did another website make the browser send this?

Django's CSRF check refuses a POST without a token. These functions serve where that is not enough: on the page that
answers a refused POST, which must not show another site's words as the visitor's own, and on forms of cached pages,
which can hold no token. They read headers set by browsers, `Sec-Fetch-Site` (Fetch Metadata, W3C) and `Origin`
(RFC 6454), which no script of a page can set.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware, RejectRequest

# What a browser sends if a page must not say where it comes from: the visitor's setting, or a frame in a sandbox.
HIDDEN_ORIGIN = "null"


class HiddenOriginMiddleware:
    """Lets a form through whose origin the browser hides, if the same browser says that a page of ours sent it.

    Goes before CsrfViewMiddleware, which refuses a hidden origin, and under HTTPS a missing one without a Referer. For
    a frame in a sandbox, Sec-Fetch-Site is "cross-site". The token is still required.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_hidden = request.headers.get("Origin", HIDDEN_ORIGIN) == HIDDEN_ORIGIN
        if is_hidden and request.headers.get("Sec-Fetch-Site") == "same-origin":
            request.META["HTTP_ORIGIN"] = _our_origin(request)
        return self.get_response(request)


def is_cross_site(request: HttpRequest) -> bool:
    """Does the browser say that another site sent this? One that says nothing is taken for our own page."""
    if site := request.headers.get("Sec-Fetch-Site"):
        # none: typed, or from a bookmark. Another sub-domain (same-site) is another site.
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin == HIDDEN_ORIGIN:
        # An older browser, or HTTP: only a page of ours knows the token that belongs to the visitor's cookie
        # (docs/decisions/0035).
        return not _has_our_token(request)
    # Old browsers send no Origin with a form, but where it was.
    origin = origin or request.headers.get("Referer")
    return origin is not None and not _has_our_host(origin, request)


def is_same_origin(request: HttpRequest) -> bool:
    """Does the browser say that a page of ours sent this? One that says nothing is not believed.

    The stricter of the two: for pages with a button that would send the same form once more.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return request.headers.get("Origin") == _our_origin(request)


def _our_origin(request):
    return f"{request.scheme}://{request.get_host()}"


def _has_our_token(request):
    try:
        CsrfViewMiddleware(lambda request: None)._check_token(request)
    except RejectRequest:
        return False
    return True


def _has_our_host(origin, request):
    try:
        return urlsplit(origin).netloc == request.get_host()
    except ValueError:  # such as “http://[”
        return False
