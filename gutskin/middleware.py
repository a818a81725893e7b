"""Middleware: headers of every response, and requests that are refused whatever their address."""

from gutskin.errors import error_page
from gutskin.form_recovery import recovery_of

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)
# Everything below these may show something about one person.
PRIVATE_PREFIXES = ("/consult/", "/accounts/", "/admin/")


class SecurityHeadersMiddleware:
    """Headers that Django's own SecurityMiddleware does not set."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path_info.startswith(PRIVATE_PREFIXES):
            response.headers["Cache-Control"] = "no-store, private"
        if request.path_info.startswith(PRIVATE_PREFIXES) or response.status_code >= 400:
            # What nobody keeps, nobody compares; and Django makes none for HEAD.
            del response.headers["ETag"]
        return response


class IgnoreMalformedCsrfCookieMiddleware:
    """Ignores a malformed CSRF cookie. Django would answer it with a new one, on cached public pages too.

    Goes right after CsrfViewMiddleware. A page with a form still gets its token.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", False):
            del request.META["CSRF_COOKIE"]
        return self.get_response(request)


class RefuseNulBytesMiddleware:
    """PostgreSQL cannot store NUL, SQLite can: it is refused here, so that both behave alike.

    A view decorated with `recover_form(accepts_nul=True)` shows its form again instead, with everything that was typed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info or self._in_values(request.GET):
            return self._refusal()
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST" or recovery_of(view).accepts_nul:
            return None
        return self._refusal() if self._in_values(request.POST) else None

    @staticmethod
    def _refusal():
        return error_page("400.html", 400)

    @staticmethod
    def _in_values(values):
        return any("\0" in key or any("\0" in value for value in found) for key, found in values.lists())
