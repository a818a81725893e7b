"""Decrypts what a patient and colleagues wrote, for the page of a request.

Each text is decrypted by itself, so that one that was altered, or whose key is missing, does not hide the others.
"""

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _lazy

from consultations.forms.choices import AgeGroup, ContactBy, Duration, ForWhom, GutSymptom, MayPhone
from consultations.models import Inquiry, Message
from consultations.red_flags import rule_labels
from gutskin.encryption.cipher import EncryptionError

CONTACT = ["name", "preferred_contact", "email", "phone", "may_phone"]
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
    "may_phone": MayPhone,
}
NO_EMAIL = _lazy("Send no e-mail. The patient comes back with the code, and looks for the answer.")
# For staff, beside the number. Without an answer, the careful way.
HOW_TO_PHONE = {
    MayPhone.WITH_MESSAGE: _lazy("Yes, and you may leave a message."),
    MayPhone.NO_MESSAGE: _lazy("Yes, but leave no message, and say who you are only to the patient."),
    MayPhone.NO: _lazy("No. Do not phone."),
    "": _lazy("They did not say. Leave no message, and say who you are only to the patient."),
}


@dataclass(frozen=True)
class Answer:
    label: str
    text: str
    is_unreadable: bool = False
    # It is not safe for the patient to do otherwise.
    is_warning: bool = False


def story_of(inquiry: Inquiry):
    return [(heading, [_answer(inquiry, name) for name in names]) for heading, names in SECTIONS]


def contact_of(inquiry: Inquiry):
    answers = {name: _answer(inquiry, name) for name in CONTACT}
    if not inquiry.takes_mail:
        answers["email"] = replace(answers["email"], text=NO_EMAIL, is_warning=True)
    phoning = decrypted(inquiry, "may_phone")
    if not phoning.is_unreadable and (phoning.text or answers["phone"].text):
        is_warning = phoning.text in (MayPhone.NO_MESSAGE, MayPhone.NO)
        text = HOW_TO_PHONE.get(phoning.text, phoning.text)
        answers["may_phone"] = replace(phoning, text=text, is_warning=is_warning)
    return list(answers.values())


def notes_of(inquiry: Inquiry):
    notes = inquiry.notes.select_related("author")
    return [
        {"pk": note.pk, "author": note.author, "written_at": note.written_at, "answer": decrypted(note, "text")}
        for note in notes
    ]


def _answer(inquiry, name):
    answer = decrypted(inquiry, name)
    if name in CHOICES and not answer.is_unreadable:
        labels = dict(CHOICES[name].choices)
        return replace(answer, text=", ".join(str(labels.get(v, v)) for v in answer.text.split(",") if v))
    return answer


def decrypted(instance, name) -> Answer:
    """Returns one decrypted field, or the sentence that says why it cannot be decrypted."""
    label = instance._meta.get_field(name).verbose_name
    try:
        return Answer(label, getattr(instance, name))
    except EncryptionError as error:
        return Answer(label, str(error), is_unreadable=True)


def warning_signs_of(inquiry: Inquiry):
    """Returns the red flags found in the answers, or None. The caller fetches `red_flags` with select_related."""
    result = getattr(inquiry, "red_flags", None)
    return None if result is None else _signs(result) | {"read_at": result.acknowledged_at}


def warning_signs_in(message: Message):
    """Returns the red flags found in a message, or None. The caller fetches `red_flags` with select_related."""
    result = getattr(message, "red_flags", None)
    return None if result is None else _signs(result)


def _signs(result):
    answer = decrypted(result, "rules")
    words = [] if answer.is_unreadable else rule_labels(answer.text)
    return {"answer": answer, "words": words, "version": result.version}
