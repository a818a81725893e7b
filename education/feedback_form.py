"""The two forms with which a reader answers “Was this page helpful?”. Neither asks who the reader is."""

import re
import secrets

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from education.models import Feedback
from gutskin import limits
from gutskin.storable_text import HAD_UNREADABLE, UNREADABLE, without_unstorable
from gutskin.visible_text import VisibleTextMixin

NONCE = re.compile(r"[\w-]{16,64}", re.ASCII)


class HoneypotForm(VisibleTextMixin, forms.Form):
    """`homepage` is a honeypot: people do not see it, but spam bots fill in every field."""

    @property
    def is_bot(self):
        return bool(self.data.get("homepage", "").strip())


class AnswerForm(HoneypotForm):
    """Yes or no."""

    helpful = forms.ChoiceField(
        choices=[("yes", _lazy("Yes")), ("no", _lazy("No"))],
        error_messages={
            "required": _lazy("Please choose “Yes” or “No”."),
            "invalid_choice": _lazy("Please choose “Yes” or “No”."),
        },
    )


class WhyForm(HoneypotForm):
    """Why the page did not help. The `nonce` is the same when a form is sent twice, so that it is counted once."""

    reason = forms.ChoiceField(
        label=_lazy("What was wrong?"),
        choices=Feedback.Reason,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        required=False,
        error_messages={"invalid_choice": _lazy("Please choose one of these reasons.")},
    )
    words = forms.CharField(
        label=_lazy("In your own words (optional)"),
        help_text=_lazy("Up to 500 characters. Please write no names and nothing about your health."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": limits.FEEDBACK_CHARACTERS, "class": "form-control"}),
    )
    nonce = forms.CharField(widget=forms.HiddenInput, required=False)
    # Proves that the reader has seen the advice about the red flags in the words; see gutskin/red_flags.py.
    advice_read = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None):
        self.had_unreadable = data is not None and UNREADABLE in data.get("words", "")
        data = None if data is None else self._storable(data)
        super().__init__(data, initial={"nonce": secrets.token_urlsafe(16)}, label_suffix="")

    @staticmethod
    def _storable(data):
        """What was posted, safe to show again. Browsers send each line break as two characters; it counts as one."""
        names = ("reason", "words", "nonce", "advice_read", "homepage")
        values = {name: without_unstorable(data.get(name, "")) for name in names}
        values["words"] = values["words"].replace("\r\n", "\n")
        if not NONCE.fullmatch(values["nonce"]):
            values["nonce"] = secrets.token_urlsafe(16)
        return values

    @property
    def answer(self):
        """What is stored: the fields without the proof that advice was shown."""
        return {name: value for name, value in self.cleaned_data.items() if name != "advice_read"}

    def clean_words(self):
        words = self.cleaned_data["words"]
        if self.had_unreadable:
            raise forms.ValidationError(HAD_UNREADABLE)
        if len(words) > limits.FEEDBACK_CHARACTERS:
            raise forms.ValidationError(
                _lazy("Please shorten it: it has %(count)s characters, and there is room for 500."),
                params={"count": len(words)},
            )
        return words

    def clean(self):
        data = super().clean()
        if not self.errors and not data["reason"] and not data["words"]:
            self.add_error(
                "reason", _lazy("Choose a reason or write a few words. Or just leave: your “No” is counted.")
            )
        return data
