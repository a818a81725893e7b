import pytest
from django.utils.http import urlencode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from education import search
from education.models import Reference
from tests.education.factories import make_published_article, make_statement, make_term
from tests.examples import examples

pytestmark = pytest.mark.django_db

# Synonyms, words with that beginning, index, documents; to correct the spelling, words and index again.
MOST_QUERIES = 6
EVERY_ASCII_CHARACTER = [chr(code) for code in range(1, 128)]
AWKWARD = [
    '"', '""', "a*", "()", "NEAR(", "NEAR(eczema, 3)", "eczema AND", "OR", "NOT eczema", "title_terms : eczema",
    "{title_terms} : x", "^eczema", "eczema + gut", "eczema & gut", "!eczema", "eczema:*", "eczema:A", "<->", "a <-> b",
    "\\'", "%s", "%(match)s", "--", "; DROP TABLE x", "\t\n", "é", "مرحبا", "\u202e", "\u200b", "💩", "ß", "İ",
    "\U0001d556\U0001d554", "\ufffd", "{matched}", "{0}", "$1", "?", ":match", "x" * 5_000,
]  # fmt: skip


def make_terms(number, prefix="term"):
    for count in range(number):
        search.index_term(make_term(f"{prefix}-{count}", definition="Something about butyrate and eczema."))


def get(client, **values):
    return client.get(f"/search/?{urlencode(values)}")


def test_results_reach_the_page(client):
    article = make_published_article()
    response = get(client, q="eczema")
    assert response.status_code == 200
    assert response.context["results"][0].url == article.get_absolute_url()
    assert "<mark>Eczema</mark>" in response.content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("retracted", "One of the papers behind this was retracted."),
        ("rejected", "One of the sources behind this did not hold up."),
    ],
)
def test_a_result_with_a_retracted_or_rejected_source_says_so(client, status, words):
    page = make_published_article()
    make_statement(page)
    search.index_article(page)
    assert words not in get(client, q="probiotics").content.decode()

    Reference.objects.filter(key="zhao2025").update(status=status, status_reason="The data were made up.")

    assert words in get(client, q="probiotics").content.decode()


def test_empty_page_is_helpful(client):
    response = get(client, q="unicorn")
    assert response.status_code == 200
    assert response.context["results"] == []
    assert "unicorn" in response.content.decode()


def test_did_you_mean_is_a_link_to_the_better_spelling(client):
    make_published_article()
    assert 'href="?q=eczema"' in get(client, q="exzema").content.decode()


def test_the_original_spelling_can_be_searched(client):
    make_published_article()
    page = get(client, q="exzema eczema").content.decode()
    assert 'href="/search/?q=exzema+eczema&amp;typed=1"' in page
    found = get(client, q="exzema eczema", typed="1").context["found"]
    assert not found.is_corrected
    assert found.total == 1


def test_a_definition_comes_first_with_its_article(client):
    article = make_published_article()
    search.index_term(make_term("eczema", definition="Dry, itchy skin.", article=article))
    page = get(client, q="eczema").content.decode()
    assert "Dry, itchy skin." in page
    assert page.index("Dry, itchy skin.") < page.index('class="entries"')
    assert get(client, q="eczema", kind="condition").context["found"].definition is None


def test_a_definition_alone_is_an_answer(client):
    search.index_term(make_term("butyrate", definition="A fatty acid."))
    page = get(client, q="butyrate").content.decode()
    assert "A fatty acid." in page
    assert "No page on this site" not in page


def test_a_statement_shows_its_certainty(client):
    statement = make_statement(make_published_article())
    search.index_statement(statement)
    page = get(client, q="symptoms").content.decode()
    assert 'href="/evidence/probiotics-eczema/"' in page
    assert "Moderate certainty" in page


def test_the_query_is_shown_escaped(client):
    page = get(client, q="<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page


def test_kinds_have_labels_counts_and_the_chosen_one(client):
    make_published_article()
    make_terms(2)
    kinds = {kind["value"]: kind for kind in get(client, q="eczema", kind="glossary").context["kinds"]}
    assert kinds["condition"]["count"] == 1
    assert kinds["glossary"]["count"] == 2
    assert kinds["glossary"]["selected"]
    assert not kinds["condition"]["selected"]


def test_page_links_keep_query_and_kind(client):
    make_terms(25)
    context = get(client, q="butyrate & eczema", kind="glossary", page="2").context
    assert context["previous_url"] == "/search/?q=butyrate+%26+eczema&kind=glossary&page=1"
    assert context["next_url"] == "/search/?q=butyrate+%26+eczema&kind=glossary&page=3"
    assert get(client, q="butyrate", page="3").context["next_url"] == ""


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "99999999999999999999", "9" * 5_000, "1.5", "²", "2'"])
def test_a_page_that_is_not_there_is_not_found_and_keeps_what_was_typed(client, page):
    make_terms(11)
    response = get(client, q="butyrate", page=page)
    assert response.status_code == 404
    assert response.context["results"]
    assert 'value="butyrate"' in response.content.decode()


@pytest.mark.parametrize("kind", ["x", "'", "condition ", "CONDITION", "💩"])
def test_an_unknown_kind_is_ignored(client, kind):
    make_terms(1)
    response = get(client, q="butyrate", kind=kind)
    assert response.status_code == 200
    assert response.context["kind"] == ""
    assert response.context["found"].total == 1


@pytest.mark.slow
def test_no_character_is_special(client):
    make_terms(1)
    for query in [*EVERY_ASCII_CHARACTER, *AWKWARD]:
        assert get(client, q=query).status_code == 200, query
        assert search.find(f"eczema {query} butyrate").total == 1, query


@pytest.fixture
def two_terms(db):
    make_terms(2)


@settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=250))
def test_any_text_causes_no_error(client, two_terms, query):
    assert get(client, q=query).status_code == 200


def test_nul_is_refused_before_search(client):
    assert get(client, q="a\0b").status_code == 400


def test_bytes_that_are_not_utf_8_cause_no_error(client):
    assert client.get("/search/?q=%ff%fe").status_code == 200


@pytest.mark.parametrize("query", ["butyrate", "exzema", "butyrate unicorn", "buty", "exzema unicorn"])
def test_30_results_take_as_many_queries_as_3(client, query, django_assert_max_num_queries):
    make_terms(3)
    with django_assert_max_num_queries(MOST_QUERIES) as for_3:
        get(client, q=query)
    make_terms(27, prefix="more")
    with django_assert_max_num_queries(MOST_QUERIES) as for_30:
        get(client, q=query)
    assert len(for_3) == len(for_30)


def test_the_page_is_the_same_for_everyone(client):
    response = get(client, q="eczema")
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_only_get_and_head_are_allowed(client):
    assert client.post("/search/", {"q": "eczema"}).status_code == 405
    assert client.head("/search/?q=eczema").status_code == 200
