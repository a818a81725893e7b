"""Search on a large site, where thousands of texts have a word, and in long texts."""

import pytest

from education import search
from education.search import backends
from tests.education.test_search import make_page, slugs

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def few_are_many(monkeypatch):
    """As on a large site: more than 20 matches are many, of which PostgreSQL scores ten as a whole."""
    monkeypatch.setattr(backends, "MANY_MATCHES", 20)
    monkeypatch.setattr(backends, "MOST_TEXTS", 10)


def test_of_many_matches_those_in_title_summary_or_heading_come_first(few_are_many):
    for number in range(60):
        make_page(f"text-{number}", body="Butyrate and butyrate. More butyrate.")
    make_page("in-summary", summary="About butyrate.")
    make_page("in-title", title="Butyrate")

    found = search.find("butyrate")

    assert [result.url for result in found.results[:2]] == ["/conditions/in-title/", "/conditions/in-summary/"]
    assert found.total == 62


def test_of_many_texts_one_with_a_word_of_the_question_in_its_title_comes_first(few_are_many):
    for number in range(60):
        make_page(f"text-{number}", body="Butyrate and zinc.")
    make_page("in-title", title="Butyrate", body="Zinc.")

    assert search.find("butyrate zinc").results[0].url == "/conditions/in-title/"


def test_of_many_matches_no_result_is_on_two_pages(few_are_many):
    for number in range(73):
        make_page(f"page-{number}", **{"title" if number % 3 else "summary": f"Butyrate {number}"}, body="No acid.")
    for number in range(9):
        make_page(f"text-{number}", body="Some butyrate.")

    seen = [result.url for page in range(1, 10) for result in search.find("butyrate", page=page).results]

    assert len(seen) == len(set(seen)) == 82


def test_of_many_pages_that_lack_a_word_only_titles_summaries_and_headings_count(few_are_many):
    for number in range(30):
        make_page(f"text-{number}", body="Butyrate.")
    assert search.find("butyrate unicorn").total == 30
    make_page("in-title", title="Butyrate")

    found = search.find("butyrate unicorn")

    assert slugs(found) == {"in-title"}
    assert found.total == 1
    assert not found.has_every_word


def test_of_many_matches_a_kind_has_its_own_candidates(few_are_many):
    for number in range(60):
        make_page(f"title-{number}", title=f"Butyrate {number}")
    make_page("therapy", kind="therapy", body="Butyrate.")

    assert slugs(search.find("butyrate", kind="therapy")) == {"therapy"}


def test_suggestions_are_found_behind_many_summaries(few_are_many):
    for number in range(60):
        make_page(f"summary-{number}", summary="Butyrate.")
    make_page("in-title", title="How the gut makes an acid that is called butyrate, and what for")

    assert [suggestion.url for suggestion in search.suggest("butyr")] == ["/conditions/in-title/"]


def test_suggestions_are_found_behind_many_texts():
    for number in range(60):
        make_page(f"text-{number}", summary="Butyrate, butyrate, butyrate.", body="Butyrate. " * 20)
    make_page("in-title", title="How the gut makes an acid that is called butyrate, and what for")

    assert [suggestion.url for suggestion in search.suggest("butyr")] == ["/conditions/in-title/"]


def test_a_snippet_is_cut_from_the_best_part_of_a_long_text():
    filler = " ".join(f"word{number}" for number in range(900))
    make_page("long", body=f"Trials. {filler} Two trials of probiotics failed. {filler} A probiotic.")

    snippet = search.find("trial probiotic").results[0].snippet_html

    assert "Two <mark>trials</mark> of <mark>probiotics</mark> failed." in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
