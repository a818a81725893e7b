"""What a patient and the colleagues wrote, opened for reading. One text that does not open closes no other."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _lazy

from consultations.forms.choices import AgeGroup, ContactBy, Duration, ForWhom, GutSymptom
from consultations.models import Inquiry
from consultations.red_flags import rule_labels
from gutskin.encryption.cipher import EncryptionError

CONTACT = ["name", "preferred_contact", "email", "phone"]
SECTIONS = [
    (_lazy("The question"), ["question"]),
    (_lazy("Skin"), ["skin_problem", "duration"]),
    (_lazy("Gut"), ["gut_symptoms", "gut_details"]),
    (_lazy("Treatment"), ["tried"]),
    (_lazy("The patient"), ["for_whom", "relationship", "age_group"]),
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


def contact_of(inquiry: Inquiry):
    return [_answer(inquiry, name) for name in CONTACT]


def notes_of(inquiry: Inquiry):
    notes = inquiry.notes.select_related("author")
    return [{"author": note.author, "written_at": note.written_at, "answer": opened(note, "text")} for note in notes]


def _answer(inquiry, name):
    answer = opened(inquiry, name)
    if name in CHOICES and not answer.is_closed:
        labels = dict(CHOICES[name].choices)
        return replace(answer, text=", ".join(str(labels.get(v, v)) for v in answer.text.split(",") if v))
    return answer


def opened(thing, name):
    """One sealed text, or the sentence that says why it stays closed."""
    label = thing._meta.get_field(name).verbose_name
    try:
        return Answer(label, getattr(thing, name))
    except EncryptionError as error:
        return Answer(label, str(error), is_closed=True)


def warning_signs_of(inquiry: Inquiry):
    """What the rules found in the answers, or None. `red_flags` comes with the request (select_related)."""
    result = getattr(inquiry, "red_flags", None)
    if result is None:
        return None
    answer = opened(result, "rules")
    words = [] if answer.is_closed else rule_labels(answer.text)
    return {"answer": answer, "words": words, "version": result.version, "read_at": result.acknowledged_at}
