"""What a patient wrote, opened for reading, under the headings of the form."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from consultations.answers import AgeGroup, ContactBy, Duration, ForWhom, GutSymptom
from consultations.encryption import EncryptionError
from consultations.models import Inquiry

SECTIONS = [
    (_("The question"), ["question"]),
    (_("Skin"), ["skin_problem", "duration"]),
    (_("Gut"), ["gut_symptoms", "gut_details"]),
    (_("Tried so far"), ["tried"]),
    (
        _("The patient"),
        ["name", "for_whom", "relationship", "age_group", "preferred_contact", "email", "phone"],
    ),
]
CHOICES = {
    "duration": Duration,
    "gut_symptoms": GutSymptom,
    "for_whom": ForWhom,
    "age_group": AgeGroup,
    "preferred_contact": ContactBy,
}


@dataclass(frozen=True)
class Answer:
    label: str
    text: str
    is_closed: bool = False


def story_of(inquiry: Inquiry):
    return [(heading, [_answer(inquiry, name) for name in names]) for heading, names in SECTIONS]


def _answer(inquiry, name):
    label = Inquiry._meta.get_field(name).verbose_name
    try:
        text = getattr(inquiry, name)
    except EncryptionError as error:
        return Answer(label, str(error), is_closed=True)
    if name in CHOICES:
        labels = dict(CHOICES[name].choices)
        text = ", ".join(str(labels.get(value, value)) for value in text.split(",") if value)
    return Answer(label, text)
