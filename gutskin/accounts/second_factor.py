"""The second factor (2fa, MFA) is required: no page of admin opens in a session in which none was used.

allauth asks only those users for a second factor who have set one up. This middleware asks everyone, before every
address below /admin/ and /accounts/, whichever app added it (docs/decisions/0022).
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
# What can be reached without a login, during re-authentication, and while setting up the first factor.
OPEN = {
    # Only redirects to account_login.
    "admin:login",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_invitation",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "session_still_here",
}
REAUTHENTICATION = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
ENROLMENT = {"account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn"}


def used_second_factor(request: HttpRequest) -> bool:
    """Was a passkey, a code of an app or a recovery code accepted in this session, for this user?"""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def has_second_factor(user) -> bool:
    """Has the user set one up? Recovery codes alone do not count: they only replace another factor."""
    return is_mfa_enabled(user, types=["totp", "webauthn"])


class SecondFactorMiddleware:
    """Goes after the middleware for sessions, users and messages, and after allauth's own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(GUARDED):
            refusal = self._refusal(request)
            if refusal:
                return refusal
        return self.get_response(request)

    def process_exception(self, request, exception):
        """allauth would put the whole request, with its cookies, into the session and repeat it by itself."""
        return ask_to_reauthenticate(request) if isinstance(exception, ReauthenticationRequired) else None

    def _refusal(self, request):
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
        return self._lead_to_second_factor(request, name)

    @staticmethod
    def _lead_to_second_factor(request, name):
        if has_second_factor(request.user):
            return None if name in REAUTHENTICATION else ask_to_reauthenticate(request)
        if name in ENROLMENT:
            return None
        return redirect_to_login(request.get_full_path(), reverse("mfa_index"))


def _name_of(request):
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
