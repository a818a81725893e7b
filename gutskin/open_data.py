"""Data that anyone may use, as its licence says: a script of another site may fetch it, and nothing else of this site.

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from django.urls import Resolver404, resolve

EVERY_SITE = {
    "Access-Control-Allow-Origin": "*",
    # What a script needs besides the data: their licence, their name and whether they are still the same.
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
# For a script that asks whether what it has is still right, the browser asks before whether it may.
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def open_data(view):
    """Decorator for a view that shows data under an open licence, the same for everybody, and no page."""
    view.is_open_data = True
    return view


class OpenDataMiddleware:
    """Goes before those that answer OPTIONS and 304 by themselves, so that these have the headers too.

    Of them, gutskin/not_modified.py leaves in a 304 what decides whether a script may read it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # An error is a page of ours.
        if response.status_code < 400 and _is_open_data(request):
            for name, value in (EVERY_SITE | (PREFLIGHT if request.method == "OPTIONS" else {})).items():
                response.headers[name] = value
        return response


def _is_open_data(request):
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return False
    return getattr(match.func, "is_open_data", False)
