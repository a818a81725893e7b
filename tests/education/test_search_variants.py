"""The same words written otherwise: joined or apart, British or American. They are found, and not replaced."""

import pytest

from education import search
from education.models import SearchWord
from education.search.parsing import parse
from education.search.synonyms import groups_by_phrase
from tests.education.factories import make_published_article, make_synonyms, make_term

pytestmark = pytest.mark.django_db


def page_with(words):
    return make_published_article("page", title="A page", summary="A page.", key_points="One.", body=f"<p>{words}</p>")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("glutenfree", "Gluten-free bread."),
        ("hayfever", "Hay fever in spring."),
        ("sideeffects", "It had a side effect."),
        ("pro-biotic", "A probiotic drink."),
        ("pro biotics", "A probiotic drink."),
        ("micro-biome", "The microbiome."),
        ("sun burn", "Sunburn hurts."),
        ("fiber", "Fibre is in beans."),
        ("fibre", "Fiber is in beans."),
        ("anemia", "Anaemia has many causes."),
        ("anaemia", "Anemia has many causes."),
        ("estrogen", "Oestrogen is a hormone."),
        ("diarrhea", "Diarrhoea after antibiotics."),
        ("tumor", "A tumour."),
        ("color", "The colour of skin."),
        ("colours", "The color of skin."),
        ("moisturizer", "A moisturiser."),
        ("moisturising cream", "A moisturizing cream."),
        ("gray skin", "Grey skin."),
        ("celiac", "Coeliac disease."),
    ],
)
def test_both_ways_to_write_it_find_the_page(typed, written):
    page_with(written)

    found = search.find(typed)

    assert [result.url for result in found.results] == ["/conditions/page/"]
    assert (found.is_corrected, found.query, found.did_you_mean) == (False, typed, "")
    assert "<mark>" in found.results[0].snippet_html


def test_words_written_as_one_that_no_text_has_side_by_side_are_searched_apart(client):
    page_with("Care for your skin.")

    found = search.find("skincare")

    assert [result.url for result in found.results] == ["/conditions/page/"]
    assert (found.written_apart, found.query, found.is_corrected) == ("skin care", "skincare", False)
    page = " ".join(client.get("/search/?q=skincare").content.decode().split())
    assert "No page has it as one word. These pages have “skin care”." in page
    assert not search.find("skincare", as_typed=True).results


def test_another_way_to_write_a_word_has_its_synonyms():
    page_with("Microbiota.")
    make_published_article("other", title="Microbiome", body="<p>Nothing.</p>")
    make_synonyms("microbiome", "microbiota")

    assert len(search.find("micro biome").results) == 2


def test_another_way_to_write_a_name_explains_it():
    search.index_term(make_term("fibre", definition="What plants are made of."))
    search.index_term(make_term("leaky-gut", term="leaky gut", definition="A loose word."))

    assert search.find("fiber").definition.term == "fibre"
    assert search.find("leakygut").definition.term == "leaky gut"


def test_a_short_word_has_no_other_spelling():
    """“Ale” is not “aloe”."""
    page_with("Aloe vera.")

    assert not search.find("ale").results


def test_only_words_that_some_text_has_are_searched(django_assert_num_queries):
    SearchWord.objects.create(language="en", word="skin")
    SearchWord.objects.create(language="es", word="care")
    synonyms = groups_by_phrase("en")

    with django_assert_num_queries(1):
        query = parse("skincare colour", "en", synonyms)

    assert [[alternative.terms for alternative in group] for group in query.groups] == [
        [("skincar",)],
        [("colour",), ("colour",)],
    ]
    assert query.apart == ()


def test_suggestions_follow_the_same_rule():
    make_published_article("care", title="Care of the skin")

    assert [suggestion.url for suggestion in search.suggest("skincare")] == ["/conditions/care/"]


def test_the_longest_query_is_one_statement(django_assert_max_num_queries):
    page_with("Skin.")

    with django_assert_max_num_queries(9):
        search.find(" ".join(["moisturisingskincarecreams", "haemorrhoea"] * 6))
