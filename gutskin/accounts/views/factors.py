"""Second factors (2fa): setting them up, naming passkeys, removing them, recovery codes."""

from allauth.mfa.base import views as factor_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as passkey_views
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from gutskin.accounts.actions import end_other_sessions
from gutskin.accounts.allauth_internals import begin_registration, record_authentication
from gutskin.accounts.forms import AppForm, PasskeyForm, PasskeyNameForm
from gutskin.accounts.mfa_adapter import FactorAdapter
from gutskin.audit.models import AuditEvent

LAST_ONE = _lazy(
    "This is your only second factor, so it stays. Set up another one first; then you can remove this one."
)


class Factors(factor_views.IndexView):
    template_name = "accounts/factors.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        codes = context["authenticators"].get("recovery_codes")
        return context | {
            "passkeys": context["authenticators"].get("webauthn", []),
            "app": context["authenticators"].get("totp"),
            "unused_codes": len(codes.get_unused_codes()) if codes else 0,
        }


class AddedFactor:
    """For views whose valid form sets up a factor. It was just shown, so it counts as used in this session."""

    factor_type = ""
    success_message = ""

    @transaction.atomic
    def form_valid(self, form):
        response = super().form_valid(form)
        user = self.request.user
        factor = Authenticator.objects.filter(user=user, type=self.factor_type).latest("pk")
        record_authentication(self.request, user, "mfa", id=factor.pk, type=factor.type, reauthenticated=True)
        messages.success(self.request, self.success_message)
        record_factor_change(self.request, AuditEvent.Action.FACTOR_ADDED, factor.type)
        return response


def record_factor_change(request, action, kind):
    end_other_sessions(request.user, keep=request.session.session_key, action=action, detail=kind)


class AddApp(AddedFactor, totp_views.ActivateTOTPView):
    form_class = AppForm
    template_name = "accounts/app_add.html"
    factor_type = Authenticator.Type.TOTP
    success_message = _lazy("The app is set up. From now on you need it to log in.")

    @transaction.atomic
    def form_valid(self, form):
        response = super().form_valid(form)
        # The code that set it up has been used, so that no one who saw it typed can log in with it.
        factor = Authenticator.objects.get(user=self.request.user, type=self.factor_type)
        factor.data["last_step"] = form.step
        factor.save(update_fields=["data"])
        return response


class RemoveApp(totp_views.DeactivateTOTPView):
    template_name = "accounts/app_remove.html"

    @transaction.atomic
    def form_valid(self, form):
        response = super().form_valid(form)
        messages.success(self.request, _("The app is removed. Its codes no longer work."))
        record_factor_change(self.request, AuditEvent.Action.FACTOR_REMOVED, self.authenticator.type)
        return response


class AddPasskey(AddedFactor, passkey_views.AddWebAuthnView):
    form_class = PasskeyForm
    template_name = "accounts/passkey_add.html"
    factor_type = Authenticator.Type.WEBAUTHN
    success_message = _lazy("The passkey is set up. From now on you can log in with it.")

    def get_context_data(self, **kwargs):
        # Not allauth's own: its passkeys need neither be stored on the device nor ask for a finger or PIN.
        context = super(passkey_views.AddWebAuthnView, self).get_context_data(**kwargs)
        options = begin_registration(self.request.user, True)
        return context | {"js_data": {"creation_options": options}}


class RenamePasskey(passkey_views.EditWebAuthnView):
    form_class = PasskeyNameForm
    template_name = "accounts/passkey_rename.html"
    success_url = reverse_lazy("mfa_index")


class RemovePasskey(passkey_views.RemoveWebAuthnView):
    template_name = "accounts/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form):
        if not FactorAdapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, LAST_ONE)
            return redirect("mfa_index")
        with transaction.atomic():
            response = super().form_valid(form)
            messages.success(self.request, _("The passkey is removed. Please delete it on your device as well."))
            record_factor_change(self.request, AuditEvent.Action.FACTOR_REMOVED, Authenticator.Type.WEBAUTHN)
        return response


class RecoveryCodes(recovery_views.ViewRecoveryCodesView):
    template_name = "accounts/recovery_codes.html"


class NewRecoveryCodes(recovery_views.GenerateRecoveryCodesView):
    template_name = "accounts/recovery_codes_new.html"

    @transaction.atomic
    def form_valid(self, form):
        response = super().form_valid(form)
        record_factor_change(self.request, AuditEvent.Action.FACTOR_ADDED, Authenticator.Type.RECOVERY_CODES)
        return response
