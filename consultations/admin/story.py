"""What a patient and the colleagues wrote, opened for reading. One text that does not open closes no other."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from consultations.answers import AgeGroup, ContactBy, Duration, ForWhom, GutSymptom
from consultations.encryption import EncryptionError
from consultations.models import Inquiry

SECTIONS = [
    (_("The question"), ["question"]),
    (_("Skin"), ["skin_problem", "duration"]),
    (_("Gut"), ["gut_symptoms", "gut_details"]),
    (_("Treatment"), ["tried"]),
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


def notes_of(inquiry: Inquiry):
    notes = inquiry.notes.select_related("author")
    return [{"author": note.author, "written_at": note.written_at, "answer": _opened(note, "text")} for note in notes]


def _answer(inquiry, name):
    answer = _opened(inquiry, name)
    if name in CHOICES and not answer.is_closed:
        labels = dict(CHOICES[name].choices)
        return replace(answer, text=", ".join(str(labels.get(v, v)) for v in answer.text.split(",") if v))
    return answer


def _opened(thing, name):
    label = thing._meta.get_field(name).verbose_name
    try:
        return Answer(label, getattr(thing, name))
    except EncryptionError as error:
        return Answer(label, str(error), is_closed=True)
