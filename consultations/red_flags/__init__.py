"""Red flags (warning signs) in what a patient writes: which rules there are, and which of them some answers match.

No one is diagnosed and no one is sent away. A match shows advice before the request is sent, and moves the request up
the queue. Not yet confirmed by a clinician: docs/clinicians/red-flags.md.
"""

from collections.abc import Iterable, Mapping

from consultations.red_flags.advice import LEVELS, Advice, Rule, advice_for
from consultations.red_flags.matching import TextMatcher
from consultations.red_flags.rules import RULES, VERSION, acknowledgement, is_acknowledged
from consultations.red_flags.vocabulary import SEARCH_VOCABULARIES, VOCABULARIES

__all__ = [
    "CHOICES",
    "LEVELS",
    "RULES",
    "SEARCH_VOCABULARIES",
    "TEXTS",
    "VERSION",
    "VOCABULARIES",
    "Advice",
    "Rule",
    "acknowledgement",
    "advice_for",
    "find_red_flags",
    "find_red_flags_in",
    "find_red_flags_in_search",
    "is_acknowledged",
    "most_urgent",
    "rule_labels",
]

# Searched for signs: the texts in the patient's own words, and chosen answers that a rule names as `=age_group:0-11`.
TEXTS = ("relationship", "skin_problem", "gut_details", "tried", "question")
CHOICES = ("age_group", "gut_symptoms")
_FOR_SEARCH = VOCABULARIES | {f"search/{code}": words for code, words in SEARCH_VOCABULARIES.items()}


def find_red_flags(answers: Mapping[str, str]) -> list[Rule]:
    """The rules that these answers match, most serious first; `answers` as in InquiryForm.answers."""
    facts = {f"={name}:{value}" for name in CHOICES for value in answers.get(name, "").split(",") if value}
    return _find([answers.get(name, "") for name in TEXTS], facts)


def find_red_flags_in(text: str) -> list[Rule]:
    """The rules that one text of any kind matches, most serious first. What needs a chosen answer does not match."""
    return _find([text], set())


def find_red_flags_in_search(text: str) -> list[Rule]:
    """As find_red_flags_in, and also by the words of people who search: “I can't go on”, in several languages."""
    return _find([text], set(), _FOR_SEARCH)


def most_urgent(rules: Iterable[Rule]) -> str:
    """The urgency at which a request with these red flags starts; "routine" for none."""
    set_by_rules = {rule.urgency for rule in rules}
    return next((urgency for urgency in ("urgent", "soon") if urgency in set_by_rules), "routine")


def rule_labels(rule_ids: str) -> list[str]:
    """For staff: the labels of RedFlagResult.rules. A rule that no longer exists is shown as its id."""
    labels = {rule.id: rule.label for rule in RULES}
    return [str(labels.get(rule_id, rule_id)) for rule_id in rule_ids.split(",") if rule_id]


def _find(texts, facts, vocabularies=VOCABULARIES):
    matchers = [TextMatcher(texts, vocabulary, facts) for vocabulary in vocabularies.values()]
    return [rule for rule in RULES if any(_matches(rule, matcher) for matcher in matchers)]


def _matches(rule, matcher):
    signs = matcher.possible_among(matcher.vocabulary.signs.get(rule.id, ()))
    return any(matcher.matches(sign, respects_negation=rule.respects_negation) for sign in signs)
