"""Re-authentication: before a step that cannot be undone, staff confirm their identity again."""

import time
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from gutskin.accounts.allauth_internals import get_authentication_records


def is_recently_authenticated(request: HttpRequest) -> bool:
    """Was a password, a passkey or a code accepted in this session within limits.REAUTHENTICATION_LASTS?"""
    records = get_authentication_records(request, request.user)
    return bool(records) and 0 <= time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def recently_authenticated(view):
    """Decorator for a view(request, …): asks for a password, code or passkey first if the last is older than 5 minutes.

    Afterwards the browser is back where it was. A POST is neither carried out nor kept: a message says so, and the user
    presses the button again. On a method of a ModelAdmin, use `method_decorator(recently_authenticated)`.
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        return view(request, *args, **kwargs) if is_recently_authenticated(request) else ask_to_reauthenticate(request)

    return wrapper


def ask_to_reauthenticate(request: HttpRequest) -> HttpResponse:
    """Redirects to the re-authentication page, which then returns the user to where they were."""
    back = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        back = _page_of_the_form(request)
        messages.warning(request, _("Nothing has been done yet. Confirm that it is you; then press the button again."))
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def _page_of_the_form(request):
    """The page that a POST came from, if it is one of ours: the address of the POST itself may not accept a GET."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return came_from
    return reverse("admin:index")
