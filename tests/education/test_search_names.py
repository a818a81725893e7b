"""Names: the words of titles and of the glossary, to which corrections of the spelling lead."""

import pytest
from django.core.management import call_command

from education import search
from education.models import SearchWord
from education.search.spelling import replacements
from tests.education.factories import make_published_article, make_statement, make_synonyms, make_term

pytestmark = pytest.mark.django_db


def names():
    return set(SearchWord.objects.filter(is_name=True).values_list("word", flat=True))


def test_words_of_titles_and_of_the_glossary_are_names():
    page = make_published_article("page", title="Rosacea", body="<h2>Heading</h2><p>Body.</p>")
    search.index_statement(make_statement(page, sentence="A sentence."))
    search.index_term(make_term("butyrate", also=["butyric acid"], definition="Defined."))

    assert names() == {"rosacea", "butyrate", "butyric", "acid"}
    assert {"heading", "body", "sentence", "defined"} <= set(SearchWord.objects.values_list("word", flat=True))


def test_a_word_of_a_text_becomes_a_name():
    make_published_article("page", title="Page", body="<p>Rosacea.</p>")
    assert "rosacea" not in names()

    make_published_article("rosacea", title="Rosacea")

    assert "rosacea" in names()


def test_rebuilding_forgets_names_that_are_none_any_more():
    make_published_article("page", title="Page", body="<p>Rosacea.</p>")
    SearchWord.objects.update(is_name=True)

    call_command("rebuild_search", verbosity=0)

    assert names() == {"page", "barrier", "skin"}


def test_a_correction_leads_to_no_other_word_of_a_text():
    make_published_article("page", title="Page", body="<p>Rosacea.</p>")

    found = search.find("rosaceaa")

    assert (found.is_corrected, found.did_you_mean) == (False, "")


def test_a_correction_leads_to_a_synonym_but_not_to_a_wrong_spelling_that_is_one():
    make_synonyms("eczema", "exema", "nettle rash")
    make_published_article(title="Eczema")

    assert search.find("exzema").query == "eczema"
    assert replacements("nettel", "en", frozenset({"nettle"})) == ({"nettel": "nettle"}, {"nettel": "nettle"})
    # Without a list of words, nobody can tell them apart.
    assert replacements("exzema", "es", frozenset({"exema"})) == ({}, {"exzema": "exema"})
