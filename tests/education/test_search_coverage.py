"""What the site does not cover is said, with what is near; pages about the site itself are found too."""

import pytest

from education import search
from education.models import SearchDocument
from education.search.site_pages import PAGES, beginning_with, site_pages
from tests.education.factories import make_published_article, make_term

pytestmark = pytest.mark.django_db


def text_of(client, query):
    return " ".join(client.get("/search/", {"q": query}).content.decode().split())


def test_for_a_subject_without_a_page_the_conditions_that_have_one_are_shown(client):
    make_published_article("acne", title="Acne and your gut")

    page = text_of(client, "gout")

    assert "We have no page about “gout”." in page
    assert 'Conditions that we write about</h2> <ul> <li><a href="/conditions/acne/">Acne</a></li>' in page
    assert "results</strong>" not in page


def test_a_word_that_only_the_glossary_explains_has_no_page(client):
    make_published_article("acne", title="Acne and your gut")
    search.index_term(make_term("scabies", definition="An itch from mites."))

    page = text_of(client, "scabies")

    assert "We have no page about “scabies”. This is what it means." in page
    assert "An itch from mites." in page
    assert ">Acne</a>" in page


def test_a_word_that_an_article_explains_has_a_page():
    article = make_published_article("acne", title="Acne and your gut")
    search.index_term(make_term("blackhead", article=article))

    assert not search.find("blackhead").has_no_page


def test_a_subject_that_is_only_mentioned_is_said_to_be(client):
    make_published_article("acne", title="Acne", body="<p>Burns hurt.</p>")

    page = text_of(client, "burns")

    assert "No page is about “burns” alone. These mention it." in page
    assert 'href="/conditions/acne/"' in page


@pytest.mark.parametrize("query", ["eczema", "ecz", "does eczema hurt unicorns", "eczema cream"])
def test_nothing_is_said_of_what_has_a_page_of_what_is_unfinished_or_of_a_question(query):
    make_published_article(title="Eczema", body="<p>A cream for eczema.</p>")

    assert not search.find(query).has_no_page


def test_a_chosen_kind_without_results_says_nothing_about_the_site():
    make_published_article(title="Eczema")

    assert not search.find("eczema", kind="therapy").has_no_page


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("about", "about"),
        ("Who wrote this?", "about"),
        ("who pays for this site", "about"),
        ("privacy", "privacy"),
        ("what happens to my data", "privacy"),
        ("cookie", "privacy"),
        ("experts", "experts"),
        ("who answers", "experts"),
        ("who answers my question", "experts"),
        ("accessibility", "accessibility"),
        ("does it work with a screen reader", "accessibility"),
        ("contact", "inquiry-create"),
        ("lost my code", "code-ask"),
        ("emergency", "emergency-numbers"),
        ("food diary", "diary"),
        ("glossary", "glossary"),
    ],
)
def test_pages_about_the_site_are_found(client, query, name):
    found = search.find(query)

    assert [page.name.partition(":")[2] for page in found.site_pages] == [name]
    assert not found.has_no_page
    assert f'<a href="{found.site_pages[0].url}">' in client.get("/search/", {"q": query}).content.decode()


@pytest.mark.parametrize("query", ["eczema", "data", "is private health care better", "the"])
def test_other_words_find_none_of_them(query):
    assert site_pages(query, "en") == []


def test_they_are_suggested_after_the_names_of_pages():
    make_published_article("privet", title="Privet")

    assert [(found.title, found.subject_label) for found in search.suggest("priv")] == [
        ("Privet", SearchDocument.Subject.CONDITION.label),
        ("Privacy", "About this site"),
    ]
    assert beginning_with("pr", "en") == []


def test_in_another_language_there_are_none():
    assert site_pages("privacy", "es") == beginning_with("privacy", "es") == []


def test_each_of_them_exists(client):
    assert {page.name: client.get(page.url).status_code for page in PAGES} == {page.name: 200 for page in PAGES}
