"""Form fields for what patients type: one line, an e-mail address, a longer text, and a choice."""

import re
import uuid
from itertools import pairwise

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _lazy

from consultations.request_numbers import normalised_pin
from gutskin import limits

# Control characters and line breaks do not belong in one line; in a mail header they would start a new header.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

SHORTEST_PIN, LONGEST_PIN = 4, 12
# 0 follows 9, as on a keyboard. Letters of the alphabet follow each other in Unicode.
DIGITS_IN_A_ROW = "01234567890"
# Digits. Extensions and emergency numbers are shorter, and so is a country code alone, which browsers fill in.
SHORTEST_PHONE_NUMBER = 5

TOO_LONG = _lazy("Please shorten this to %(limit_value)d characters. It has %(show_value)d now.")
EMAIL_FORMAT = _lazy("Enter an e-mail address in the correct format, like name@example.com.")
NOT_OFFERED = _lazy("Choose one of the answers shown.")


class LineField(forms.CharField):
    """One line of text in any script."""

    def __init__(self, *, required_text="", **kwargs):
        kwargs.setdefault("max_length", limits.LINE_CHARACTERS)
        kwargs.setdefault("required", bool(required_text))
        super().__init__(error_messages={"required": required_text, "max_length": TOO_LONG}, **kwargs)

    def to_python(self, value):
        return super().to_python(CONTROLS.sub(" ", value) if value else value)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"dir": "auto"}


class MailAddressField(forms.EmailField):
    """Refuses control characters, which Django allows in the quoted part of an address.

    No mail can be sent to such an address, so its notification would be retried for ever.
    """

    def __init__(self, *, required_text, **kwargs):
        widget = forms.EmailInput({"autocomplete": "email", "inputmode": "email", "spellcheck": "false"})
        messages = {"required": required_text, "invalid": EMAIL_FORMAT, "max_length": TOO_LONG}
        super().__init__(widget=widget, error_messages=messages, **kwargs)

    def clean(self, value):
        value = super().clean(value)
        if CONTROLS.search(value):
            raise ValidationError(EMAIL_FORMAT)
        return value


class PinField(LineField):
    """Four to twelve letters or digits, not counting spaces."""

    def __init__(self, **kwargs):
        # A text field: a numeric one would drop the zeros in front. Not a password: it is chosen for this one request.
        widget = forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value):
        pin = normalised_pin(super().clean(value))
        if pin and len(pin) < SHORTEST_PIN:
            raise ValidationError(_lazy("Use at least %(number)d letters or numbers.") % {"number": SHORTEST_PIN})
        if len(pin) > LONGEST_PIN:
            raise ValidationError(_lazy("Use at most %(number)d letters or numbers.") % {"number": LONGEST_PIN})
        return pin


class NewPinField(PinField):
    """A PIN that is being chosen: the first ones that anyone would try are refused."""

    def clean(self, value):
        pin = super().clean(value)
        if pin and _is_easy_to_guess(pin):
            raise ValidationError(
                _lazy("This PIN is easy to guess, like 0000, 1234 or abcd. Please choose another one, or leave it out.")
            )
        return pin


def _is_easy_to_guess(pin):
    """One character repeated, or characters in sequence, forwards or backwards."""
    steps = {ord(after) - ord(before) for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {-1}) or pin in DIGITS_IN_A_ROW or pin in DIGITS_IN_A_ROW[::-1]


def can_be_phoned(text: str) -> bool:
    """Is this a phone number, in whichever script, and not “ring me” or a country code alone?"""
    return sum(sign.isdecimal() for sign in text) >= SHORTEST_PHONE_NUMBER


class LongTextField(forms.CharField):
    """A longer text. Browsers get no maxlength: they would silently cut off pasted words."""

    def __init__(self, *, required_text="", rows=5, **kwargs):
        widget = forms.Textarea({"rows": rows, "dir": "auto"})
        messages = {"required": required_text, "max_length": TOO_LONG}
        super().__init__(
            max_length=limits.LONG_TEXT_CHARACTERS,
            required=bool(required_text),
            widget=widget,
            error_messages=messages,
            **kwargs,
        )

    def to_python(self, value):
        # Browsers send a line break as two characters. Count it as one, as the person who types does.
        return super().to_python(value.replace("\r\n", "\n") if value else value)

    def widget_attrs(self, widget):
        return {}


def one_of(choices, *, label, required_text, **kwargs):
    """Radio buttons for a TextChoices class."""
    return forms.ChoiceField(
        label=label,
        # A callable: Django copies a list for each form, with all of its words.
        choices=lambda: choices.choices,
        widget=forms.RadioSelect({"class": "form-check-input"}),
        error_messages={"required": required_text, "invalid_choice": NOT_OFFERED},
        **kwargs,
    )


def parse_uuid(text: str) -> uuid.UUID | None:
    """The key or id that a request sent; None when it is not a UUID."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
