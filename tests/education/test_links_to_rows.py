"""Links to a word of the glossary, or to a statement or cell of the map: they reach it, whichever page it is on."""

import re
from functools import cache

import pytest

from education import search
from education.models import Article, EvidenceStatement, GlossaryTerm
from tests.education.factories import make_published_article, make_statement, make_term
from tests.pages import Page, all_pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(client):
    """A function that says where a browser comes to, and which ids are there. It opens each page once."""

    @cache
    def ids(path):
        response = client.get(path)
        assert response.status_code == 200, path
        return Page(response.content.decode()).ids

    def follow(address):
        address = address.replace("&amp;", "&")
        if "#" not in address:
            address = client.get(address).headers["Location"]
        return address, ids(address.partition("#")[0])

    return follow


def links_to_rows(text):
    """The addresses in a page or file that lead to a row of the map or the glossary."""
    found = re.findall(r"[\"' ](?:https://gutskin.example)?(/(?:evidence|glossary)/[^\"' ]*)", text)
    return {address for address in found if "#" in address or re.fullmatch(r"/\w+/[\w-]+/", address)}


@pytest.mark.slow
def test_each_link_to_a_row_leads_to_the_page_that_has_it(client, grown, target):
    for number, term in enumerate(GlossaryTerm.objects.all()):
        if number % 13 == 0:
            search.index_term(term)
    acne = Article.objects.get(slug="acne-0")
    search.index_statement(acne.statements_as_condition.last())
    # As authors copy addresses from their browser.
    copied = '<a href="/glossary/?page=2#word-25">a</a> <a href="/evidence/?letter=A#statement-statement-130">b</a>'
    copied += ' <a href="/evidence/#cell-acne-77-probiotics">c</a> <dfn data-term="word-103">word</dfn>'
    make_published_article("copied", kind="mechanism", title="Copied", body=f"<h2>Words</h2><p>{copied}</p>")

    pages = ["/mechanisms/copied/", "/conditions/acne-0/", "/therapies/probiotics/", "/", "/glossary/", "/evidence/"]
    pages += ["/evidence.json", "/search/?q=word", "/search/?q=may+help", "/search/suggestions/?q=wor"]
    pages += ["/mechanisms/copied/more/", "/evidence/?condition=acne-0&certainty=high"]
    links = set().union(*(links_to_rows(client.get(page).content.decode()) for page in pages))
    assert {"/glossary/word-25/", "/evidence/statement-130/", "/glossary/word-103/"} <= links
    assert "/evidence/?condition=acne-77#cell-acne-77-probiotics" in links
    assert len(links) > 30

    for link in links:
        place, ids = target(link)
        assert place.partition("#")[2] in ids, link


@pytest.mark.slow
def test_each_word_and_each_statement_has_an_address_that_leads_to_it(grown, target):
    paths = set()
    rows = [*GlossaryTerm.objects.all(), *EvidenceStatement.objects.filter(condition__slug__in=["acne", "acne-0"])]
    for row in rows:
        place, ids = target(row.get_absolute_url())
        path, _hash, anchor = place.partition("#")
        assert anchor.endswith(row.slug)
        assert anchor in ids, row.slug
        paths.add(path)

    assert {"/glossary/", "/glossary/?page=2", "/evidence/?condition=acne"} <= paths
    assert "/evidence/?condition=acne-0&intervention=low-fodmap" in paths


def test_a_cell_of_many_statements_has_pages(client, grown):
    acne = Article.objects.get(slug="acne-0")
    for number in range(110):
        make_statement(acne, slug=f"more-{number}", intervention="low-fodmap")
    address = "/evidence/?condition=acne-0&intervention=low-fodmap"

    pages = list(all_pages(client, address))

    listed = [name for _, page in pages for name in page.ids if name.startswith("statement-")]
    assert [own for own, _ in pages] == [address, *(f"{address}&list={number}" for number in range(2, 6))]
    assert len(listed) == len(set(listed)) == 130
    assert client.get("/evidence/more-109/").headers["Location"] == f"{address}&list=5#statement-more-109"


@pytest.mark.parametrize(
    ("counts", "queries"),
    [
        ([20], [""]),
        ([21], ["?condition=skin-0&intervention=probiotics"]),
        ([10, 20], ["", ""]),
        ([10, 21], ["?condition=skin-0", "?condition=skin-1&intervention=probiotics"]),
    ],
)
def test_an_address_leads_to_a_page_with_room_for_the_statement(target, counts, queries):
    for number, count in enumerate(counts):
        condition = make_published_article(f"skin-{number}")
        for place in range(count):
            make_statement(condition, slug=f"from-{number}-{place}", references=[])

    for number, (count, query) in enumerate(zip(counts, queries, strict=True)):
        for place in range(count):
            address, ids = target(f"/evidence/from-{number}-{place}/")
            assert address == f"/evidence/{query}#statement-from-{number}-{place}"
            assert f"statement-from-{number}-{place}" in ids


def test_the_last_condition_of_many_keeps_the_pages_of_its_map(client, grown):
    # Five conditions begin with this letter, and the map shows four.
    page = Page(client.get("/evidence/?intervention=probiotics&letter=C&page=2").content.decode())

    assert len([name for name in page.ids if name.startswith("cell-")]) == 1
    assert page.all("a", rel="prev")


def test_on_a_small_site_the_addresses_lead_to_the_only_page(client):
    make_statement(make_published_article("acne"))

    assert client.get("/glossary/skin-barrier/").headers["Location"] == "/glossary/#skin-barrier"
    assert client.get("/evidence/probiotics-eczema/").headers["Location"] == "/evidence/#statement-probiotics-eczema"


def test_each_page_of_the_glossary_has_every_letter_and_each_leads_to_its_first_word(client):
    # Those of the letter C are on both pages.
    for number in range(150):
        make_term(f"word-{number}", term=f"{'aBcé'[number // 40]}-word {number:03}")

    for address in ("/glossary/", "/glossary/?page=2"):
        links = [link["href"] for link in Page(client.get(address).content.decode()).all("a")]
        letters = [link for link in links if "#letter-" in link]
        assert [link[-1] for link in letters] == ["A", "B", "C", "É"]
        for link, first in zip(letters, ("word-0", "word-40", "word-80", "word-120"), strict=True):
            place, _hash, anchor = link.partition("#")
            ids = Page(client.get(place or address).content.decode()).ids
            assert ids[ids.index(anchor) + 1] == first


def test_a_short_glossary_needs_no_query_for_its_letters(client, django_assert_num_queries):
    make_term("skin-barrier")

    with django_assert_num_queries(1):
        page = client.get("/glossary/").content.decode()

    assert '<a href="#letter-S">S</a>' in page


def test_a_row_that_is_gone(client):
    statement = make_statement(make_published_article("acne"), state="superseded")

    # A published text keeps the words that it was published with.
    assert client.get("/glossary/gone/").headers["Location"] == "/glossary/?word=gone"

    assert client.get(statement.get_absolute_url()).status_code == 404
    assert client.get("/evidence/gone/").status_code == 404


def test_a_word_or_letter_that_the_glossary_does_not_have_is_said_with_a_way_on(client):
    make_term("skin-barrier")
    page = client.get("/glossary/no-such-word/", follow=True).content.decode()
    assert "The glossary does not explain “no such word”." in page
    assert 'href="/search/?q=no%20such%20word"' in page
    page = client.get("/glossary/", {"letter": "z"}).content.decode()
    assert "No word of the glossary begins with “Z”." in page
    assert "skin barrier" in page.casefold(), "the words are still there"
    assert client.get("/glossary/", {"letter": "S"}).headers["Location"] == "/glossary/skin-barrier/"
    assert "not-found" not in client.get("/glossary/").content.decode()
    assert "&lt;b&gt;" in client.get("/glossary/", {"word": "<b>" * 100}).content.decode()
