"""How allauth behaves here: for staff only, without mail, and with every login and logout in the audit log."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme

from gutskin.accounts import session_timeout
from gutskin.accounts.actions import remember_session
from gutskin.accounts.allauth_internals import clear_login, get_authentication_records
from gutskin.accounts.lockout import is_locked_out, login_address, record_failure
from gutskin.accounts.reauthentication import is_recently_authenticated
from gutskin.accounts.session_store import stored_key
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent

UNKNOWN_USER = "unknown"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def is_ajax(self, request):
        return False

    def is_safe_url(self, url):
        """Only this host. allauth would accept every host of ALLOWED_HOSTS."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_client_ip(self, request):
        return login_address(request)

    def get_login_stages(self):
        return ["allauth.mfa.stages.AuthenticateStage"]

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        """Drops allauth's messages; our views write their own."""
        if message:
            super().add_message(request, level, extra_tags=extra_tags, message=message)

    def send_notification_mail(self, *args, **kwargs):
        """No mail is sent during a request. What changed is in the audit log."""

    # Re-authentication

    def is_reauthentication_required(self, *, app, **kwargs):
        return not is_recently_authenticated(context.request)

    def get_reauthentication_methods(self, user):
        """The method with which the user logged in comes first."""
        records = get_authentication_records(context.request, user)
        with_passkey = bool(records) and records[-1].get("type") == "webauthn"
        methods = super().get_reauthentication_methods(user)
        return sorted(methods, key=lambda method: (method["id"] == "mfa_reauthenticate:webauthn") != with_passkey)

    # Logging in and out

    def pre_authenticate(self, request, **credentials):
        request.was_locked_out = is_locked_out(request, credentials.get("username", ""))

    def authentication_failed(self, request, **credentials):
        """The name is recorded only if there is such a user: otherwise it may be anything, even a password."""
        if request.was_locked_out:
            return
        users = get_user_model().objects.filter(username__iexact=credentials.get("username", ""))
        known = users.values_list("username", flat=True).first()
        record_failure(request, known or UNKNOWN_USER, "wrong password")

    def pre_login(self, request, user, **kwargs):
        if user.is_active and not user.is_staff:
            clear_login(request)
            raise PermissionDenied
        # Against session fixation: an attacker who knows the key must not get a login without its second factor.
        request.session.cycle_key()
        return super().pre_login(request, user, **kwargs)

    @transaction.atomic
    def login(self, request, user):
        super().login(request, user)
        remember_session(request)
        session_timeout.begin(request.session)
        record(AuditEvent.Action.LOGGED_IN, by=user)

    @transaction.atomic
    def logout(self, request):
        user = request.user
        UserSession.objects.filter(session_key=stored_key(request.session.session_key)).delete()
        super().logout(request)
        record(AuditEvent.Action.LOGGED_OUT, by=user)
