"""The gate: no page of admin opens in a session in which no second factor was used.

allauth asks for a second factor whoever has set one up, and lets in whoever has none. This middleware does not: it
stands before every address below /admin/ and /accounts/, whatever view or app brought it there.
"""

from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse

from gutskin.accounts.allauth_internals import get_authentication_records
from gutskin.accounts.reauthentication import ask_to_reauthenticate
from gutskin.form_recovery import session_ended_page

GUARDED = ("/admin/", "/accounts/")
# What can be reached with nothing, with a login that lacks its second factor, and while the first one is set up.
OPEN = {
    # Only leads on to the first of these.
    "admin:login",
    "account_login",
    "account_logout",
    "account_inactive",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "session_still_here",
}
TO_PROVE = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
TO_ENROL = {"account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn"}


def used_second_factor(request: HttpRequest) -> bool:
    """Was a passkey, an app's code or a recovery code shown in this session, by this user?"""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def has_second_factor(user) -> bool:
    """Has the user set one up? Recovery codes alone are none: they belong to another."""
    return is_mfa_enabled(user, types=["totp", "webauthn"])


class SecondFactorMiddleware:
    """Stands after the ones for sessions, users and messages, and after allauth's own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(GUARDED):
            turned_away = self._turn_away(request)
            if turned_away:
                return turned_away
        return self.get_response(request)

    def process_exception(self, request, exception):
        """allauth would put the whole request, with its cookies, into the session and send it again by itself."""
        return ask_to_reauthenticate(request) if isinstance(exception, ReauthenticationRequired) else None

    def _turn_away(self, request):
        name = _name_of(request)
        user = request.user
        if name in OPEN:
            return None
        if user.is_anonymous:
            return session_ended_page(request) or redirect_to_login(request.get_full_path())
        if not user.is_staff:
            raise PermissionDenied
        if used_second_factor(request):
            return None
        return self._lead_to_factor(request, name)

    @staticmethod
    def _lead_to_factor(request, name):
        if has_second_factor(request.user):
            return None if name in TO_PROVE else ask_to_reauthenticate(request)
        if name in TO_ENROL:
            return None
        return redirect_to_login(request.get_full_path(), reverse("mfa_index"))


def _name_of(request):
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
