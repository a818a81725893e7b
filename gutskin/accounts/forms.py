"""Forms of login, second factor and passkeys: allauth's, in our words, with wrong codes counted in the database."""

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _lazy

from gutskin.accounts.account_adapter import AccountAdapter
from gutskin.accounts.allauth_internals import (
    clear_totp_secret,
    compare_user_code,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from gutskin.accounts.lockout import count_wrong_code, refuse_if_locked_out
from gutskin.accounts.mfa_adapter import decrypt_secret, encrypt_secret
from gutskin.accounts.models import FactorReset
from gutskin.visible_text import VisibleTextMixin

PENDING_SECRET = "pending_totp_secret"  # noqa: S105  a name in the session
WRONG_CODE = _lazy(
    "This code is not right. Codes from an app change every 30 seconds: wait for the next one and type that."
)
PASSWORD_HINT = _lazy("At least 12 characters. Four or five words in a row make a good password.")
WRONG_PASSKEY = _lazy("The passkey was not accepted. Please try again, or use another way.")


def set_labels(form, **labels):
    """Our labels, and no placeholders: those vanish as soon as the user types."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


class LoginForm(account_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, login=_lazy("User name"), password=_lazy("Password"))
        self.fields["password"].help_text = ""
        # Phones would begin a user name with a capital letter.
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class PasswordAgainForm(account_forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, password=_lazy("Password"))
        self.fields["password"].help_text = ""


class PasswordChangeForm(account_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(
            self,
            oldpassword=_lazy("Your current password"),
            password1=_lazy("New password"),
            password2=_lazy("New password again"),
        )
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = PASSWORD_HINT

    def clean_oldpassword(self):
        """Checked in the same way as at login, so that wrong ones are counted."""
        password = self.cleaned_data["oldpassword"]
        if not AccountAdapter().reauthenticate(self.user, password):
            raise ValidationError(_lazy("This is not your password."))
        return password


class FirstPasswordForm(SetPasswordForm):
    """Chosen by whoever follows the link of an invitation."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, new_password1=_lazy("Your password"), new_password2=_lazy("Your password again"))
        self.fields["new_password1"].help_text = PASSWORD_HINT
        self.fields["new_password2"].help_text = ""


class CountedCode:
    """For forms with a code: locked out after five wrong ones, and no code of an app is accepted twice."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, code=_lazy("Code"))
        self.fields["code"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}

    def clean_code(self):
        refuse_if_locked_out(context.request, self.user)
        try:
            code = super().clean_code()
            self.refuse_used_code(code)
        except ValidationError:
            count_wrong_code(context.request, self.user)
            raise ValidationError(WRONG_CODE) from None
        return code

    def refuse_used_code(self, code):
        """RFC 6238, section 5.2: a code is accepted once. allauth keeps that in the cache, which may not be shared.

        The row is locked, so that two requests at the same moment cannot both use the code.
        """
        if self.authenticator.type != Authenticator.Type.TOTP:
            return
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().get(pk=self.authenticator.pk)
            step = step_of(decrypt_secret(factor.data["secret"]), code)
            if step is None or step <= factor.data.get("last_step", 0):
                raise ValidationError(WRONG_CODE)
            factor.data["last_step"] = step
            factor.save(update_fields=["data"])


def step_of(secret: str, code: str) -> int | None:
    """The time step this code belongs to, of those that are accepted now; None for a wrong code."""
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


class CodeForm(CountedCode, factor_forms.AuthenticateForm):
    pass


class CodeAgainForm(CountedCode, factor_forms.ReauthenticateForm):
    pass


class AppForm(totp_forms.ActivateTOTPForm):
    """Sets up an app. Until then its secret is in the session, encrypted as it will be in the database."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_labels(self, code=_lazy("Code that the app shows"))
        session = context.request.session
        # allauth has just put a secret into the session as plain text.
        clear_totp_secret(context.request)
        if not self.is_bound or PENDING_SECRET not in session:
            session[PENDING_SECRET] = encrypt_secret(self.secret)
        self.secret = decrypt_secret(session[PENDING_SECRET])

    def clean_code(self):
        try:
            code = super().clean_code()
        except ValidationError:
            raise ValidationError(WRONG_CODE) from None
        # None: its half minute ended between the two checks.
        self.step = step_of(self.secret, code)
        if self.step is None:
            raise ValidationError(WRONG_CODE)
        return code


class CredentialField(forms.JSONField):
    """The browser's JSON about a passkey. Malicious input may be deeply nested or contain NUL."""

    def to_python(self, value):
        # PostgreSQL stores no NUL in JSON (jsonb), and would raise an error when the passkey is saved.
        if isinstance(value, str) and "\\u0000" in value:
            raise ValidationError(WRONG_PASSKEY)
        try:
            return super().to_python(value)
        # From json.loads, for an answer of thousands of nested brackets.
        except RecursionError:
            raise ValidationError(WRONG_PASSKEY) from None


def reject_malformed(verify):
    """Decorator for a method that checks a passkey: malformed data is a wrong passkey, not a 500."""

    def checked(form):
        try:
            return verify(form)
        except (
            ValidationError,
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            AttributeError,
            OverflowError,
            InvalidSignature,
        ):
            raise ValidationError(WRONG_PASSKEY) from None

    return checked


def credential_field():
    return CredentialField(
        widget=forms.HiddenInput, error_messages={"required": WRONG_PASSKEY, "invalid": WRONG_PASSKEY}
    )


class PasskeyForm(VisibleTextMixin, passkey_forms.AddWebAuthnForm):
    # Every passkey here can be used to log in without a password: there is no box to tick for it.
    passwordless = None
    credential = credential_field()
    name = forms.CharField(
        label=_lazy("Name of this passkey"),
        required=False,
        max_length=60,
        help_text=_lazy("For example: phone, or laptop at work."),
    )
    clean = reject_malformed(passkey_forms.AddWebAuthnForm.clean)


class PasskeyNameForm(VisibleTextMixin, passkey_forms.EditWebAuthnForm):
    name = forms.CharField(label=_lazy("Name of this passkey"), max_length=60)


class PasskeyLoginForm(passkey_forms.LoginWebAuthnForm):
    credential = credential_field()
    clean_credential = reject_malformed(passkey_forms.LoginWebAuthnForm.clean_credential)


class PasskeyCheckForm(passkey_forms.AuthenticateWebAuthnForm):
    credential = credential_field()
    clean_credential = reject_malformed(passkey_forms.AuthenticateWebAuthnForm.clean_credential)


class PasskeyAgainForm(passkey_forms.ReauthenticateWebAuthnForm):
    credential = credential_field()
    clean_credential = reject_malformed(passkey_forms.ReauthenticateWebAuthnForm.clean_credential)


class FactorResetForm(VisibleTextMixin, forms.ModelForm):
    class Meta:
        model = FactorReset
        fields = ["user", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The page of an existing reset only shows it, and has no fields.
        if "user" in self.fields:
            with_factor = Authenticator.objects.values("user")
            self.fields["user"].queryset = get_user_model().objects.filter(is_staff=True, pk__in=with_factor)
