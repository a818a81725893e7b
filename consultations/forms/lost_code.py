from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _lazy

from consultations.forms.inquiry import LineField, MailAddressField
from consultations.request_numbers import ALPHABET


class LostCodeForm(forms.Form):
    """Asks only what somebody without the code still knows. It does not look whether any of it is known."""

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
        """GS-XXXX-XXXX, however it was typed; empty for none."""
        typed = self.cleaned_data["reference"].upper()
        letters = "".join(letter for letter in typed.removeprefix("GS") if letter in ALPHABET)
        if typed and len(letters) != 8:
            raise ValidationError(_lazy("A reference looks like GS-7K4M-2XQP. Type it again, or leave it out."))
        return f"GS-{letters[:4]}-{letters[4:]}" if letters else ""
