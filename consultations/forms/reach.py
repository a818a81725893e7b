"""How a patient may be reached, and what is safe: asked in the request form, and corrected on the status page.

Some patients live with someone who reads their e-mails or answers their phone. They choose here what we must not do.
"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.forms.address_slips import meant_address
from consultations.forms.choices import ContactBy, MayPhone
from consultations.forms.fields import NOT_OFFERED, LineField, MailAddressField, can_be_phoned, one_of

# Fields that say something about the address, or about the form: only the address itself is stored.
NOT_STORED = {"email_choice", "no_email", "seen"}
NO_ADDRESS = _lazy("Enter your e-mail address, so that we can answer you, or tick “Send me no e-mail”.")


def email_field(**kwargs):
    return MailAddressField(label=_lazy("Your e-mail address"), required=False, required_text="", **kwargs)


def email_choice_field():
    """Shown only where the address looks like a slip: ReachMixin fills in the two addresses."""
    return forms.ChoiceField(
        label=_lazy("Is your e-mail address right?"),
        required=False,
        widget=forms.RadioSelect({"class": "form-check-input"}),
        error_messages={"invalid_choice": NOT_OFFERED},
    )


def no_email_field():
    return forms.BooleanField(
        label=_lazy("Send me no e-mail"),
        help_text=_lazy(
            "For example, because someone else can read your e-mails. We then do not keep your address, and write no "
            "e-mail, whatever happens. You come back to this site with your code to read our answer. The code is the "
            "only way back: if you lose it, we cannot send you a link."
        ),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )


def phone_field():
    return LineField(
        label=_lazy("Your phone number (optional)"),
        max_length=50,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )


def may_phone_field():
    return one_of(
        MayPhone,
        label=_lazy("May we phone you? (optional)"),
        help_text=_lazy("Think of who else answers your phone, or hears your messages. We keep to what you choose."),
        required_text="",
        required=False,
    )


class ReachMixin:
    """For a Form with all of the fields above, `phone` and `preferred_contact`. Goes before StorableTextMixin."""

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self._offer_meant_address()

    def _offer_meant_address(self):
        typed = self.data.get("email", "").strip() if self.is_bound else ""
        meant = meant_address(typed)
        if not meant:
            del self.fields["email_choice"]
            return
        keep, use = _("Yes, keep %(address)s"), _("No, I meant %(address)s")
        choices = [(typed, keep % {"address": typed}), (meant, use % {"address": meant})]
        self.fields["email_choice"].choices = choices
        if self.data.get("email_choice") not in (typed, meant):
            # It was chosen for an address that has been changed since.
            self.data["email_choice"] = ""

    def clean(self):
        answers = super().clean()
        if answers.get("no_email"):
            # Data minimisation: what is not needed is not stored (GDPR, article 5(1)(c)).
            answers["email"] = ""
            self.errors.pop("email", None)
        elif answers.get("email") == "":
            self.add_error("email", NO_ADDRESS)
        elif answers.get("email") and "email_choice" in self.fields:
            self._choose_address(answers)
        self._require_a_way_to_phone(answers)
        return answers

    def _choose_address(self, answers):
        if chosen := answers.get("email_choice"):
            answers["email"] = chosen
            return
        # Asked once: sent again unchanged, the form keeps the address.
        self.data["email_choice"] = answers["email"]
        words = _("Did you mean %(address)s? Choose below. If your address is right, just send the form again.")
        self.add_error("email_choice", words % {"address": meant_address(answers["email"])})

    def _require_a_way_to_phone(self, answers):
        if answers.get("preferred_contact") != ContactBy.PHONE:
            return
        if answers.get("may_phone") == MayPhone.NO:
            words = _lazy("You asked for the answer by phone, but not to be phoned. Please change one of the two.")
            self.add_error("may_phone", words)
        elif "phone" in answers and not can_be_phoned(answers["phone"]):
            words = _lazy("You asked us to phone you. Enter a phone number, or choose to be answered in writing.")
            self.add_error("phone", words)
