"""Which HTTP methods an address takes, and what every other one is answered with.

The decorators are Django's, and also note on the view what it takes. HttpMethodMiddleware reads that before the login
and the CSRF check, so that a method that no form of ours uses gets 405 (RFC 9110, 15.5.6) and not a page about a token.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import Resolver404, resolve
from django.views.decorators import http

from gutskin.errors import error_page

# What any page of this site takes; OPTIONS is answered for all of them here.
USED = ("GET", "HEAD", "POST")


def require_http_methods(methods: list[str], *, back: str | Callable[..., str] = ""):
    """Decorator for a view that takes these methods. `back` is as for `require_post`."""

    def decorate(view):
        view = http.require_http_methods(methods)(view)
        view.allowed_methods, view.leads_back_to = tuple(methods), back
        return view

    return decorate


def require_post(*, back: str | Callable[..., str]):
    """Decorator for a view that only takes a form. GET leads back to the page that has the form.

    People come by GET when they press Enter in the address bar after an error. `back` is the name of the page's URL, or
    a function that makes its address from the arguments of the view.
    """
    return require_http_methods(["POST"], back=back)


require_safe = require_http_methods(["GET", "HEAD"])


def answers_every_method(view):
    """Decorator for a view for programs, which has an answer of its own to methods that it does not take."""
    view.allowed_methods = None
    return view


def allowed_methods(view) -> tuple[str, ...] | None:
    """The methods that the view takes; None if it answers all of them itself."""
    if hasattr(view, "allowed_methods"):
        return view.allowed_methods
    if not hasattr(view, "view_class"):
        return USED
    names = {name for name in view.view_class.http_method_names if hasattr(view.view_class, name)}
    # Django answers HEAD wherever there is a GET.
    return tuple(method for method in USED if method.lower() in names | ({"head"} if "get" in names else set()))


def method_not_allowed(allowed: tuple[str, ...]) -> HttpResponse:
    """The page for a method that the address does not take."""
    response = error_page("405.html", 405)
    response.headers["Allow"] = ", ".join(allowed)
    return response


def options(allowed: tuple[str, ...], more: Mapping[str, str] = MappingProxyType({})) -> HttpResponse:
    """The answer to OPTIONS (RFC 9110, 9.3.7), with `more` headers."""
    return HttpResponse(status=204, headers={"Allow": ", ".join((*allowed, "OPTIONS")), **more})


class HttpMethodMiddleware:
    """Goes before the middleware for static files, which has no page for a 405, and those for sessions and tokens."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = None if request.method in USED else self._refusal(request)
        response = response or self.get_response(request)
        # From a view class, or from the middleware for static files: without a page of its own.
        if response.status_code == 405 and (response.streaming or not response.content):
            allowed = tuple(response.headers.get("Allow", "").split(", "))
            return options(allowed) if request.method == "OPTIONS" else method_not_allowed(allowed)
        return response

    def process_view(self, request, view, args, kwargs):
        allowed = allowed_methods(view)
        if allowed is None or request.method in allowed:
            return None
        back = getattr(view, "leads_back_to", "")
        if back and request.method != "POST":
            return redirect(back(*args, **kwargs) if callable(back) else resolve_url(back))
        return method_not_allowed(allowed)

    @staticmethod
    def _refusal(request):
        try:
            allowed = allowed_methods(resolve(request.path_info).func)
        except Resolver404:
            return None
        if allowed is None:
            return None
        if request.method == "OPTIONS":
            return options(allowed)
        return method_not_allowed(allowed)
