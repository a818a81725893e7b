"""All checks of one text: what stops its publication, and what is only worth a look."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from education import publication_rules
from education.article_checks import citations, completeness, language, links
from education.article_checks.blocks import read
from education.article_checks.finding import Finding
from education.readability import reading_grade, words
from education.rendering import plain_text, render_body
from education.sanitiser import sanitise, size_problem
from gutskin import limits


@dataclass(frozen=True)
class Panel:
    """Everything that the checks panel shows. `grade` is in US school years; None without English text."""

    words: int | None = None
    grade: float | None = None
    reading_age: str = ""
    blocking: list[str] = field(default_factory=list)
    advice: list[Finding] = field(default_factory=list)
    therapy_questions: list[str] = field(default_factory=list)


def check(article, care_cards=None) -> Panel:
    """Checks the text of an article, saved or not, with at most eight queries, however long it is.

    `care_cards` are dicts with the fields of a care card; without them the saved ones count.
    """
    if care_cards is None:
        care_cards = list(article.care_cards.values("level", "heading", "items", "advice")) if article.pk else []
    # Measured before anything is parsed.
    if _length(article, care_cards) > limits.CHECKED_ARTICLE_CHARACTERS:
        return Panel(advice=[Finding("too-long", _("This is much too long for a page, and too long to check."))])
    if problem := size_problem(article.body):
        return Panel(advice=[Finding("too-long", problem)])
    # As a submission would freeze it, so that the checks read what readers would read.
    body = sanitise(article.body)
    text = plain_text(body)
    blocks, addresses = read(body)
    anchors = {heading["id"] for heading in render_body(body).contents}
    count = len(words(text))
    grade = reading_grade(text) if count and language.is_english(article) else None
    return Panel(
        words=count,
        grade=grade,
        reading_age="" if grade is None else language.reading_age(grade),
        blocking=publication_rules.article_problems(article, care_cards),
        advice=[
            *language.findings(article, text, blocks, count, grade),
            *completeness.findings(article, text, care_cards),
            *links.findings(article, addresses, anchors),
            *citations.findings(blocks),
        ],
        therapy_questions=completeness.therapy_questions(article),
    )


def _length(article, care_cards):
    typed = [getattr(article, name) for name in publication_rules.TEXT_FIELDS]
    return sum(map(len, [*typed, *(value for card in care_cards for value in card.values())]))


def warnings(article) -> list[str]:
    """Findings about the working copy that do not stop its publication, as sentences."""
    return [str(finding) for finding in check(article).advice]
