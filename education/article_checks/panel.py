"""All checks of one text: what stands against publishing it, and what is only worth a look."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from education import publication_rules
from education.article_checks import language, links, parts, sources
from education.article_checks.blocks import read
from education.article_checks.finding import Finding
from education.prose import sanitise
from education.readability import reading_grade, words
from education.rendering import plain_text, render_body
from gutskin import limits


@dataclass(frozen=True)
class Panel:
    """`grade` is Flesch–Kincaid's in school years, None where the text is not English; `reading_age` is it in words."""

    words: int | None = None
    grade: float | None = None
    reading_age: str = ""
    blocking: list[str] = field(default_factory=list)
    advice: list[Finding] = field(default_factory=list)
    therapy_questions: list[str] = field(default_factory=list)


def check(article, care_cards=None) -> Panel:
    """Checks the text of an article, which need not be saved. Without `care_cards`, mappings, the saved ones count.

    However long the text is, it costs eight queries at most.
    """
    if care_cards is None:
        care_cards = list(article.care_cards.values("level", "heading", "items", "advice")) if article.pk else []
    if _length(article, care_cards) > limits.CHECKED_ARTICLE_CHARACTERS:
        return Panel(advice=[Finding("too-long", _("This is much too long for a page, and too long to be checked."))])
    body = sanitise(article.body)
    text = plain_text(body)
    blocks, addresses = read(body)
    anchors = {heading["id"] for heading in render_body(body).contents}
    count = len(words(text))
    grade = reading_grade(text) if language.reads_english(article) else None
    return Panel(
        words=count,
        grade=grade,
        reading_age="" if grade is None else language.reading_age(grade),
        blocking=publication_rules.blocking(article, care_cards),
        advice=[
            *language.findings(article, text, blocks, count, grade),
            *parts.findings(article, text, care_cards),
            *links.findings(article, addresses, anchors),
            *sources.findings(blocks),
        ],
        therapy_questions=parts.therapy_questions(article),
    )


def _length(article, care_cards):
    typed = [getattr(article, name) for name in publication_rules.TEXT_FIELDS]
    return sum(map(len, [*typed, *(value for card in care_cards for value in card.values())]))


def warnings(article) -> list[str]:
    """What does not stop publishing the working copy, as sentences."""
    return [str(finding) for finding in check(article).advice]
