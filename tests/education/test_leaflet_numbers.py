"""Which numbers a leaflet shows."""

import pytest

from education.leaflets.html import documents
from education.leaflets.numbers import leading_findings
from education.models import EvidenceStatement, Leaflet, Reference
from tests.education.factories import make_published_article, make_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_published_article()


def add(article, slug, certainty="moderate", numbers=((34, 24),), harms=(), out_of=100, **values):
    """A statement with benefits and harms as pairs of people with and without it."""
    source = Reference.objects.get(key="zhao2025")
    rows = [
        {"what": slug, "with_count": yes, "without_count": no, "out_of": out_of, "is_harm": harm, "source": source}
        for pairs, harm in ((numbers, False), (harms, True))
        for yes, no in pairs
    ]
    return make_statement(article, slug=slug, sentence=f"About {slug}.", certainty=certainty, numbers=rows, **values)


def chosen(at_most=4):
    findings = leading_findings(EvidenceStatement.objects.with_flag().order_by("pk"), at_most)
    return [
        (finding.sentence[6:-1], "".join("h" if n.is_harm else "b" for n in finding.numbers)) for finding in findings
    ]


def test_the_most_certain_come_first_and_very_uncertain_ones_not_at_all(article):
    for certainty in ("low", "very-low", "high", "moderate"):
        add(article, certainty, certainty)

    assert chosen() == [("high", "b"), ("moderate", "b"), ("low", "b")]


def test_a_statement_shows_its_first_benefit_and_its_first_harm_together(article):
    add(article, "one", numbers=[(34, 24), (72, 68)], harms=[(20, 12), (9, 3)])

    (finding,) = leading_findings(EvidenceStatement.objects.with_flag(), 4)

    assert [number.sentences[0][:14] for number in finding.numbers] == ["one: 34 in 100", "one: 20 in 100"]


def test_a_benefit_is_not_shown_without_the_harm_beside_it(article):
    add(article, "one")
    add(article, "two", harms=[(20, 12)])
    add(article, "three")

    assert chosen(4) == [("one", "b"), ("two", "bh"), ("three", "b")]
    assert chosen(3) == [("one", "b"), ("two", "bh")]


def test_a_harm_is_shown_even_if_benefits_are_more_certain(article):
    add(article, "benefit", "high")
    add(article, "second", "high")
    add(article, "harm", "low", numbers=[], harms=[(7, 5)], effect="worse")

    assert chosen(2) == [("benefit", "b"), ("harm", "h")]


def test_all_numbers_are_out_of_as_many_people(article):
    add(article, "hundred", "high")
    add(article, "thousand", "moderate", out_of=1000)
    add(article, "nothing to draw", "moderate", out_of=10000)

    assert chosen() == [("hundred", "b")]


def test_above_the_numbers_it_says_how_to_read_them(article):
    add(article, "one", "high")
    article.refresh_from_db()

    printed = documents(article)

    fullest, plainest = printed[Leaflet.Format.LARGE_PRINT][0], printed[Leaflet.Format.LARGE_PRINT][-2]
    for leaflet in (printed[Leaflet.Format.A4][0], fullest):
        _before, rest = leaflet.split("<h2>In numbers</h2>")
        assert rest.split("</p>")[0].strip() == (
            '<p class="small">Each large dot is one person to whom it happened. '
            "Compare the numbers, and ask your clinician what they mean for you."
        )
    # In words there are no dots.
    assert "In numbers" in plainest
    assert "Each large dot" not in plainest
    assert "Compare the numbers, and ask your clinician" in plainest
    for page in printed[Leaflet.Format.WHOLE_A4]:
        assert "Look at the mark first, then at the numbers; each large dot is one person" in page


def test_of_equal_certainty_effects_come_before_links_and_comparisons_before_one_group(article):
    add(article, "link", effect="link")
    add(article, "one group", numbers=[(53, None)])
    add(article, "effect")

    assert chosen() == [("effect", "b"), ("one group", "b"), ("link", "b")]


def test_what_rests_on_a_retracted_paper_is_not_shown(article):
    add(article, "one")
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="The data were made up.")

    assert chosen() == []


def test_a_page_without_numbers_shows_none(article):
    make_statement(article)

    assert chosen() == []
