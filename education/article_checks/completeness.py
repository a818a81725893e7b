"""Is anything missing? Something that readers can do, questions, care cards, and what a therapy page must answer."""

import re

from django.utils.translation import gettext as _

from education.article_checks.finding import Finding
from education.models import CareCard, Kind, Language

# English sentences that tell the reader to do something: they begin with one of these words, or say “you can”.
ACTION = re.compile(
    r"(?:^|[.!?:]\s+)(?:and |then |please )?"
    r"(?:agree|apply|ask|avoid|book|bring|call|carry on|check|choose|contact|do not|don['’]t|drink|eat|get|give|go|"
    r"keep|look|make|note|plan|put|read|say|see|show|start|stay|stop|take|talk|tell|think|treat|try|use|wait|wash|"
    r"write)\b"
    r"|\byou (?:can|could)\b",
    re.IGNORECASE | re.MULTILINE,
)
URGENT = re.compile(r"\b(?:emergency|urgent(?:ly)?|ambulance|straight away|life-threatening)\b", re.IGNORECASE)

CALLS_FOR_HELP = {CareCard.Level.URGENT, CareCard.Level.EMERGENCY}


def findings(article, text, care_cards):
    """Findings about an article with this text. `care_cards` are dicts with the fields of a care card."""
    if not article.questions.strip():
        yield Finding("questions", _("There are no questions to take to the clinician."))
    whole = f"{article.key_points}\n{article.actions}\n{text}"
    # Only in English: in other languages the words would find nothing, which would say nothing.
    if article.language == Language.ENGLISH and not ACTION.search(whole):
        yield Finding("actions", _("Nothing tells readers what they can do. Suggest at least one thing."))
    levels = {card["level"] for card in care_cards}
    if article.kind in {Kind.CONDITION, Kind.THERAPY} and not levels:
        yield Finding("care-cards", _("There is no care card. Say when to get help, and how fast."))
    elif URGENT.search(whole) and not levels & CALLS_FOR_HELP:
        sentence = _("The text mentions something urgent, but no care card says when to get help at once.")
        yield Finding("care-cards", sentence)
    unfinished = [card["heading"] for card in care_cards if not card["heading"].rstrip().endswith("if:")]
    if article.language == Language.ENGLISH and unfinished:
        sentence = _("The heading of a care card is a call to action that ends in “if:”.")
        yield Finding("care-card-headings", sentence, unfinished)


def therapy_questions(article):
    """What the page of a therapy should answer (DISCERN, questions 8 to 15). Only a person can tell whether it does."""
    if article.kind != Kind.THERAPY:
        return []
    return [
        _("What no one knows for sure"),
        _("How it works"),
        _("The benefits"),
        _("The risks and harms"),
        _("What happens if you do nothing"),
        _("What it means for daily life"),
        _("Other choices"),
        _("How to decide together with your clinician"),
        _("Who should not have it"),
    ]
