"""What a patient answered, beside the questions as the form asks them. For the patient's own eyes and files."""

from dataclasses import dataclass

from consultations.forms.choices import AgeGroup, ContactBy, Duration, ForWhom, GutSymptom
from consultations.forms.inquiry import InquiryForm
from consultations.models import Inquiry
from gutskin.encryption.cipher import EncryptionError

CHOICES = {
    "for_whom": ForWhom,
    "preferred_contact": ContactBy,
    "age_group": AgeGroup,
    "duration": Duration,
    "gut_symptoms": GutSymptom,
}
# In the order of the form.
QUESTIONS = [
    "for_whom",
    "relationship",
    "name",
    "email",
    "phone",
    "preferred_contact",
    "age_group",
    "skin_problem",
    "duration",
    "gut_symptoms",
    "gut_details",
    "tried",
    "question",
]


@dataclass(frozen=True)
class GivenAnswer:
    """`values` are what was chosen, by value and label; empty for a text. `text` is None where it does not open."""

    name: str
    question: str
    text: str | None
    values: tuple[tuple[str, str], ...] = ()

    @property
    def in_words(self):
        return ", ".join(label for _value, label in self.values) if self.values else self.text


def given_answers(inquiry: Inquiry) -> list[GivenAnswer]:
    """Those that say something. A question that was left open is left out."""
    answers = [_answer(inquiry, name) for name in QUESTIONS]
    return [answer for answer in answers if answer.text != ""]


def text_of(thing, name: str) -> str | None:
    """One sealed text; None where it does not open, so that one broken text closes no page."""
    try:
        return getattr(thing, name)
    except EncryptionError:
        return None


def _answer(inquiry, name):
    text = text_of(inquiry, name)
    values = ()
    if name in CHOICES and text:
        labels = {value: str(label) for value, label in CHOICES[name].choices}
        values = tuple((value, labels.get(value, value)) for value in text.split(","))
    return GivenAnswer(name, str(InquiryForm.base_fields[name].label), text, values)
