"""What the forms of several models share: lists edited line by line, and the rule for text shown without a review."""

from django import forms
from django.core.exceptions import ValidationError

from education import publication_rules
from gutskin.visible_text import is_visible


class LinesField(forms.CharField):
    """A list stored as JSON, edited as one entry on each line."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if is_visible(line)]

    def has_changed(self, initial, data):
        return self.to_python(data or "") != (initial or [])


def clean_patient_text(text):
    """The text, unless it has words that we do not use for patients. ValidationError.

    For text that readers see as soon as it is saved: no reviewer would catch such a word later.
    """
    if problems := publication_rules.word_problems(text):
        raise ValidationError(problems)
    return text
