"""A patient's answers with the questions as the form asks them, for the status page and the downloads."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from consultations.forms.choices import CHOICES
from consultations.forms.inquiry import ANSWERS, InquiryForm
from consultations.models import Inquiry
from gutskin.encryption.cipher import EncryptionError


@dataclass(frozen=True)
class GivenAnswer:
    """`values` are (value, label) pairs of choices; empty for text. `text` is None when it cannot be decrypted."""

    name: str
    question: str
    text: str | None
    values: tuple[tuple[str, str], ...] = ()

    @property
    def in_words(self):
        return ", ".join(label for _value, label in self.values) if self.values else self.text


def given_answers(inquiry: Inquiry) -> list[GivenAnswer]:
    """The answers in the order of the form. Questions that were left empty are left out."""
    answers = [_answer(inquiry, name) for name in ANSWERS]
    if not inquiry.takes_mail:
        answers[ANSWERS.index("email")] = GivenAnswer(
            "no_email", str(InquiryForm.base_fields["no_email"].label), _("Yes")
        )
    return [answer for answer in answers if answer.text != ""]


def decrypted_or_none(instance, field_name: str) -> str | bytes | None:
    """An encrypted field of a model instance; None when it cannot be decrypted.

    One damaged text, or a key that was lost, must not take the whole page from the patient.
    """
    try:
        return getattr(instance, field_name)
    except EncryptionError:
        return None


def _answer(inquiry, name):
    text = decrypted_or_none(inquiry, name)
    values = ()
    if name in CHOICES and text:
        labels = {value: str(label) for value, label in CHOICES[name].choices}
        values = tuple((value, labels.get(value, value)) for value in text.split(","))
    return GivenAnswer(name, str(InquiryForm.base_fields[name].label), text, values)
