"""Forms around the status page: the code that opens it, a lost code, and a message to the clinic."""

import json
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.forms.choices import AgeGroup, ContactBy
from consultations.forms.fields import LineField, LongTextField, MailAddressField, PinField, one_of, parse_uuid
from consultations.forms.reach import (
    NOT_STORED,
    ReachMixin,
    email_choice_field,
    email_field,
    may_phone_field,
    no_email_field,
    phone_field,
)
from consultations.request_numbers import ALPHABET, parse_reference
from consultations.status.answers import decrypted_or_none
from gutskin.edit_conflicts import VersionField
from gutskin.encryption.digests import keyed_digest
from gutskin.storable_text import StorableTextMixin
from gutskin.visible_text import VisibleTextMixin

# One text for every wrong code, so that it does not reveal which codes exist.
NOT_A_CODE = _lazy("We could not find a request with this code. Please check each letter and number, and try again.")


class CodeForm(VisibleTextMixin, forms.Form):
    code = LineField(
        label=_lazy("Your code"),
        help_text=_lazy(
            "It has 16 letters and numbers, and never the letters I and O or the numbers 0 and 1. Capital letters, "
            "spaces and dashes make no difference. It is not your reference, which begins with GS."
        ),
        required_text=_lazy("Enter the code that you were given when you sent your request."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_code(self):
        """Says so if it is a reference. By its form alone, so this tells nothing about which requests exist."""
        if parse_reference(self.cleaned_data["code"]):
            raise ValidationError(
                _lazy(
                    "This looks like your reference. The code is longer: 16 letters and numbers, which we showed you "
                    "after you sent your request."
                )
            )
        return self.cleaned_data["code"]


class LostCodeForm(VisibleTextMixin, forms.Form):
    """Asks for what a patient still knows without the code. It never says whether we know the address."""

    email = MailAddressField(
        label=_lazy("Your e-mail address"),
        help_text=_lazy("The one you gave with your request."),
        required_text=_lazy("Enter the e-mail address that you gave with your request."),
    )
    reference = LineField(
        label=_lazy("The reference of your request (optional)"),
        help_text=_lazy("Like GS-7K4M-2XQP. Without it we send a link for each request of yours that is still open."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_reference(self):
        """GS-XXXX-XXXX, however it was typed; empty when it was left out."""
        typed = self.cleaned_data["reference"].upper()
        letters = "".join(letter for letter in typed.removeprefix("GS") if letter in ALPHABET)
        if typed and len(letters) != 8:
            raise ValidationError(_lazy("A reference looks like GS-7K4M-2XQP. Type it again, or leave it out."))
        return f"GS-{letters[:4]}-{letters[4:]}" if letters else ""


class PinForm(VisibleTextMixin, forms.Form):
    """Asked after a link by mail, if the patient chose a PIN."""

    pin = PinField(
        label=_lazy("Your PIN"),
        help_text=_lazy(
            "The one that you chose when you sent your request. Capital letters and spaces make no difference."
        ),
        required_text=_lazy("Enter the PIN that you chose when you sent your request."),
    )


class PhoneForm(VisibleTextMixin, forms.Form):
    """Asked after a link by mail if there is a phone number and no PIN."""

    phone = LineField(
        label=_lazy("The last four digits of your phone number"),
        help_text=_lazy("Of the number that you gave with your request."),
        required_text=_lazy("Enter the last four digits of the phone number that you gave with your request."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )
    age_group = one_of(
        AgeGroup,
        label=_lazy("How old is the person who needs advice?"),
        required_text=_lazy("Choose the answer that you gave with your request."),
    )


# What a patient can correct, by the names of the model's fields.
CORRECTABLE = ("email", "phone", "may_phone", "preferred_contact", "age_group")
AFTER_LINK = {"pin": PinForm, "phone": PhoneForm}
# One text for every wrong answer.
NOT_THE_ANSWER = _lazy("This is not what was given with the request. Please check it, and try again.")


class ContactForm(ReachMixin, StorableTextMixin, forms.Form):
    """Corrects how the patient is reached. The fields are those of the form that sent the request."""

    # What was stored when the page was opened. Another tab, or the clinic, may have changed it since.
    seen = VersionField(required=False)
    email = email_field(help_text=_lazy("We send a new receipt to it."))
    email_choice = email_choice_field()
    no_email = no_email_field()
    phone = phone_field()
    may_phone = may_phone_field()
    preferred_contact = one_of(ContactBy, label=_lazy("How should we contact you?"), required_text="", required=False)
    age_group = one_of(
        AgeGroup,
        label=_lazy("How old is the person who needs advice?"),
        required_text=_lazy("Choose an age group, or “I would rather not say”."),
    )

    def __init__(self, data=None, *, inquiry):
        given = {name: decrypted_or_none(inquiry, name) for name in CORRECTABLE}
        self.stored_version = keyed_digest("contact", json.dumps([str(inquiry.public_id), given]))[:32]
        initial = given | {"no_email": not inquiry.takes_mail, "seen": self.stored_version}
        super().__init__(data, initial=initial, auto_id="contact_%s")

    def clean(self):
        answers = super().clean()
        # Saving this anyway would undo what was corrected there, such as “Send me no e-mail”.
        if self.data.get("seen", self.stored_version) != self.stored_version:
            self.data["seen"] = self.stored_version
            self.add_error("no_email", self._changed_elsewhere())
        return answers

    def _changed_elsewhere(self):
        words = _(
            "This was changed in another window, or by the clinic, after you had opened this page. Now it says: "
            "%(email)s; phone: %(phone)s. Please check all answers on this page, and save again."
        )
        email, phone = self.initial["email"] or _("no e-mail"), self.initial["phone"] or _("none")
        return words % {"email": email, "phone": phone}

    def clean_no_email(self):
        # Before `clean` drops the address: a patient who now gives one, but leaves the box ticked, would wait in vain.
        if self.cleaned_data["no_email"] and self.initial["no_email"] and self.cleaned_data.get("email"):
            raise ValidationError(
                _lazy("To get e-mails at this address, untick the box. To get none, leave the address empty.")
            )
        return self.cleaned_data["no_email"]

    # What is not chosen again stays as it is.
    def clean_may_phone(self):
        return self.cleaned_data["may_phone"] or self.initial["may_phone"] or ""

    def clean_preferred_contact(self):
        return self.cleaned_data["preferred_contact"] or self.initial["preferred_contact"] or ContactBy.EMAIL

    @property
    def contact(self):
        """What was given, under the names of the model's fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in NOT_STORED}


class MessageForm(StorableTextMixin, forms.Form):
    # Issued with the form: the same form sent twice is one message.
    key = forms.CharField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))
    # Proves that the patient has read the advice about the red flags; see consultations/red_flags/rules.py.
    advice_read = forms.CharField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))
    text = LongTextField(
        label=_lazy("Your message"),
        required_text=_lazy("Write your message first, then press the button."),
        rows=6,
    )

    fields_repaired_silently = frozenset({"key", "advice_read"})

    def __init__(self, data=None):
        # The status page also contains the photo form, and an id may occur only once on a page.
        super().__init__(data, initial={"key": uuid.uuid4()}, auto_id="message_%s")

    def make_storable(self, data):
        data = super().make_storable(data)
        data.setdefault("text", "")
        data.setdefault("for_request", "")
        data["key"] = str(parse_uuid(data.get("key", "")) or uuid.uuid4())
        return data

    @property
    def form_key(self) -> uuid.UUID:
        return uuid.UUID(self.cleaned_data["key"])

    @property
    def unsent_text(self) -> str:
        """What was typed but has not been sent."""
        return self.data.get("text", "") if self.is_bound else ""
