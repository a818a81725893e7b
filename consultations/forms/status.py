"""The two forms of the status page: the code that opens it, and a message to the clinic."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from consultations.forms.inquiry import LineField, LongTextField, parse_uuid
from gutskin.storable_text import StorableTextMixin

NOT_A_CODE = _lazy("This code opens no request. Please check each letter and number, and try again.")


class CodeForm(forms.Form):
    code = LineField(
        label=_lazy("Your code"),
        help_text=_lazy(
            "It has 16 letters and numbers, and never the letters I and O or the numbers 0 and 1. Capital letters, "
            "spaces and dashes make no difference."
        ),
        required_text=_lazy("Enter the code that you were given when you sent your request."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class MessageForm(StorableTextMixin, forms.Form):
    # Issued with the form: the same form sent twice is one message.
    key = forms.CharField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))
    text = LongTextField(
        label=_lazy("Your message"),
        required_text=_lazy("Write your message first, then press the button."),
        rows=6,
    )

    fields_repaired_silently = frozenset({"key"})

    def __init__(self, data=None):
        super().__init__(data, initial={"key": uuid.uuid4()}, auto_id="message_%s")

    def make_storable(self, data):
        data = super().make_storable(data)
        data.setdefault("text", "")
        data["key"] = str(parse_uuid(data.get("key", "")) or uuid.uuid4())
        return data

    @property
    def form_key(self) -> uuid.UUID:
        return uuid.UUID(self.cleaned_data["key"])

    @property
    def kept(self) -> str:
        """What was typed and not sent."""
        return self.data.get("text", "") if self.is_bound else ""
