"""Warning signs in what a patient writes: which rules there are, and which of them some answers touch.

Nobody is diagnosed and nobody is sent away. A rule shows advice before the request is sent, and puts it further up in
the queue. Not yet confirmed by a clinician: docs/clinicians/red-flags.md.
"""

from collections.abc import Iterable, Mapping

from consultations.red_flags.english import ENGLISH
from consultations.red_flags.reading import Language, Reading
from consultations.red_flags.rules import LEVELS, RULES, VERSION, Rule

__all__ = ["LEVELS", "RULES", "SPOKEN", "TEXTS", "VERSION", "Rule", "found_in", "in_words", "most_urgent"]

# What is read: the longer texts, and of the answers that are chosen those that a rule names as `=age_group:0-11`.
TEXTS = ("skin_problem", "gut_details", "tried", "question")
CHOICES = ("age_group", "gut_symptoms")

# Each text is read in every language: who asks on an English page may write in Spanish.
SPOKEN: dict[str, Language] = {"en": ENGLISH}


def found_in(answers: Mapping[str, str]) -> list[Rule]:
    """The rules that these answers touch, gravest first; `answers` as in InquiryForm.answers."""
    facts = {f"={name}:{value}" for name in CHOICES for value in answers.get(name, "").split(",") if value}
    texts = [answers.get(name, "") for name in TEXTS]
    readings = [Reading(texts, language, facts) for language in SPOKEN.values()]
    return [rule for rule in RULES if any(_touches(rule, reading) for reading in readings)]


def most_urgent(rules: Iterable[Rule]) -> str:
    """The urgency that a request with these warning signs begins with; "routine" for none."""
    set_by_rules = {rule.urgency for rule in rules}
    return next((urgency for urgency in ("urgent", "soon") if urgency in set_by_rules), "routine")


def in_words(rule_ids: str) -> list[str]:
    """For staff: the labels of RedFlagResult.rules. A rule of an older version is named by its id."""
    labels = {rule.id: rule.label for rule in RULES}
    return [str(labels.get(rule_id, rule_id)) for rule_id in rule_ids.split(",") if rule_id]


def _touches(rule, reading):
    return any(reading.holds(sign, heeds_no=rule.heeds_no) for sign in reading.language.signs[rule.id])
