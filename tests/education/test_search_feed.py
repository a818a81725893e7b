"""The feed of a search and the page of suggestions."""

import re
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode

from education import feeds, search
from education.actions import approve_statement
from education.models import Reference
from tests.education.factories import make_published_article, make_reviewer, make_statement, make_term
from tests.pages import Page

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client, **values):
    response = client.get(f"/search/feed/?{urlencode(values)}")
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)  # noqa: S314  our own answer


def titles(document):
    return [entry.findtext(f"{ATOM}title") for entry in document.iter(f"{ATOM}entry")]


def test_the_newest_comes_first_and_glossary_terms_are_left_out(client):
    with time_machine.travel("2026-03-01 12:00Z"):
        old = make_published_article("old", title="Old <b> & eczema")
        make_published_article("other", title="Acne", summary="Acne.", key_points="One.\nTwo.\nThree.")
    with time_machine.travel("2026-05-01 12:00Z"):
        make_published_article("new", title="New eczema")
    with time_machine.travel("2026-04-01 12:00Z"):
        approve_statement(make_statement(old, state="draft"), by=make_reviewer("ben", "Ben Okoye"))
    search.index_term(make_term("eczema", definition="Dry skin."))
    sentence = "Probiotics probably make little or no difference to eczema symptoms."
    assert titles(feed(client, q="eczema")) == ["New eczema", sentence, "Old <b> & eczema"]
    assert titles(feed(client, q="eczema symptoms")) == [sentence]


def test_entries_mention_a_missing_review_and_a_retracted_source(client):
    page = make_published_article()
    make_statement(page)
    search.index_article(page)
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="The data were made up.")

    summaries = {
        entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}summary")
        for entry in feed(client, q="eczema").iter(f"{ATOM}entry")
    }

    assert "A paper this page relies on has been retracted. Reviewed by Rosa Lind" in summaries["Eczema and your gut"]
    (statement,) = (summaries[title] for title in summaries if title.startswith("Probiotics"))
    assert statement.endswith(" Awaiting clinical review. One of the papers behind this was retracted.")


def test_addresses_use_the_site_url_and_not_the_host_of_the_request(client):
    make_published_article()
    response = client.get("/search/feed/?q=eczema+%26+gut", headers={"host": "localhost"})
    document = ElementTree.fromstring(response.content)  # noqa: S314  our own answer
    links = {link.get("rel"): link.get("href") for link in document.findall(f"{ATOM}link")}
    assert links["self"] == "https://gutskin.example/search/feed/?q=eczema+%26+gut"
    assert links["alternate"] == "https://gutskin.example/search/?q=eczema+%26+gut"
    entry = document.find(f"{ATOM}entry/{ATOM}link")
    assert entry.get("href") == "https://gutskin.example/conditions/atopic-dermatitis/"
    assert b"localhost" not in response.content


def test_a_search_without_results_gives_an_empty_feed(client):
    make_published_article()
    for query in ("", "?", "unicorn", "exzema", "eczema unicorn"):
        assert titles(feed(client, q=query)) == [], query


def test_the_results_page_links_to_its_feed(client):
    make_published_article()

    def feeds(query):
        links = Page(client.get(f"/search/?q={query}").content.decode()).all("link", rel="alternate")
        return [link["href"] for link in links if link["href"].startswith("/search/")]

    assert feeds("exzema") == ["/search/feed/?q=eczema"]
    assert feeds("unicorn") == feeds("") == []


def test_a_feed_costs_the_same_for_33_as_for_3(client, django_assert_num_queries):
    reviewer = make_reviewer()
    for number in range(33):
        if number == 3:
            with django_assert_num_queries(6):
                assert len(titles(feed(client, q="eczema"))) == 3
        make_published_article(f"page-{number}", title=f"Eczema {number}")
    assert reviewer
    with django_assert_num_queries(6):
        assert len(titles(feed(client, q="eczema"))) == 20


def test_suggestions_are_a_complete_page(client):
    make_published_article()
    search.index_term(make_term("eczema-scale", term="<i>eczema</i> scale"))
    response = client.get("/search/suggestions/?q=ecz")
    page = Page(response.content.decode())
    assert [link["href"] for link in page.all("a")][-2:] == [
        "/conditions/atopic-dermatitis/",
        "/glossary/eczema-scale/",
    ]
    assert "<i>" not in response.content.decode()
    assert page.one("input", type="search")["value"] == "ecz"
    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies
    assert len(response.content) < 2_000


@pytest.mark.parametrize("query", ["", "unicorn", "<script>", "🙂"])
def test_a_page_without_suggestions_says_so(client, query):
    page = client.get(f"/search/suggestions/?{urlencode({'q': query})}").content.decode()
    assert "No page or glossary word" in page
    assert "<script>" not in page


@pytest.mark.parametrize(("query", "queries"), [("ecz", 3), ("eczema", 4), ("exzema", 6)])
def test_suggestions_cost_the_same_for_30_as_for_3(client, query, queries, django_assert_num_queries):
    for number in range(33):
        if number == 3:
            with django_assert_num_queries(queries):
                client.get(f"/search/suggestions/?q={query}")
        search.index_term(make_term(f"eczema-{number}", term=f"eczema {number}"))
    with django_assert_num_queries(queries):
        client.get(f"/search/suggestions/?q={query}")


def test_only_what_is_shown_is_read_with_its_text(client, monkeypatch):
    """Hundreds may match; of the others, the feed needs the dates."""
    monkeypatch.setattr(feeds, "ENTRIES", 2)
    for name in ("one", "two", "three", "four"):
        make_published_article(name, title=f"Eczema {name}")
    with CaptureQueriesContext(connection) as queries:
        assert len(titles(feed(client, q="eczema"))) == 2
    of_texts = [query["sql"] for query in queries if '"education_searchdocument"."text"' in query["sql"]]
    assert len(of_texts) == 1
    assert len(re.search(r'"education_searchdocument"."id" IN \(([\d, ]+)\)', of_texts[0])[1].split(",")) == 2
