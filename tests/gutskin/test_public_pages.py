"""What every reading page promises: the same bytes for everybody, well-formed, cheap."""

from dataclasses import dataclass
from functools import cached_property

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.queue.reply_times import reply_times_in
from tests.addresses import ARTICLES, FORM_PAGES, READING_PAGES, RECORD_PAGES
from tests.content import load_content
from tests.pages import Page

# The fixture below fills the database by itself; the mark is what makes it, when this file runs alone.
pytestmark = pytest.mark.django_db


@dataclass
class Visit:
    response: HttpResponse
    queries: int
    again: HttpResponse
    posted: HttpResponse

    @cached_property
    def page(self):
        return Page(self.response.content.decode())


def visit(address):
    client = Client()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    queries = len(captured)
    again = client.get(address, headers={"if-none-match": response.headers.get("ETag", "")})
    return Visit(response, queries, again, Client().post(address))


@pytest.fixture(scope="module")
def visits(django_db_setup, django_db_blocker):
    """Loading the content takes seconds, so every page is requested once and the tests check the responses."""
    with django_db_blocker.unblock(), transaction.atomic():
        # Django asks SQLite once whether it supports JSON; that query is not counted for the first page.
        assert connection.features.supports_json_field
        load_content()
        # A test before this one may have left how soon requests were answered.
        reply_times_in.cache_clear()
        addresses = [*READING_PAGES, *FORM_PAGES, *RECORD_PAGES, "/sitemap.xml", "/robots.txt"]
        yield {address: visit(address) for address in addresses}
        transaction.set_rollback(True)


def wrong(visits, addresses, question):
    """The pages for which `question` returns something, with what it returns."""
    answers = {address: question(address, visits[address]) for address in addresses}
    return {address: answer for address, answer in answers.items() if answer}


@pytest.mark.slow
def test_every_public_page_answers(visits):
    def status(address, visit):
        return visit.response.status_code != 200 and visit.response.status_code

    assert wrong(visits, READING_PAGES + FORM_PAGES + RECORD_PAGES, status) == {}


def test_reading_pages_set_no_cookie_and_read_none(visits):
    def cookies(address, visit):
        varies = {name.strip().lower() for name in visit.response.headers.get("Vary", "").split(",")}
        return bool(visit.response.cookies) or "cookie" in varies

    assert wrong(visits, READING_PAGES, cookies) == {}


def test_a_malformed_csrf_cookie_is_not_answered_with_a_new_one(client, settings):
    client.cookies[settings.CSRF_COOKIE_NAME] = "x"
    response = client.get("/about/")
    assert not response.cookies
    assert "Cookie" not in response.headers["Vary"]


def test_reading_pages_may_be_cached_but_are_revalidated(visits):
    def caching(address, visit):
        directives = set(visit.response.headers["Cache-Control"].replace(" ", "").split(","))
        return directives != {"public", "no-cache"} and directives

    assert wrong(visits, READING_PAGES, caching) == {}


def test_private_pages_are_not_cached(visits):
    def caching(address, visit):
        return "no-store" not in visit.response.headers["Cache-Control"]

    assert wrong(visits, FORM_PAGES, caching) == {}


def test_an_unchanged_page_is_not_sent_again(visits):
    def resent(address, visit):
        return visit.again.status_code != 304 or visit.again.content

    assert wrong(visits, READING_PAGES, resent) == {}


def test_every_page_says_what_it_is(visits):
    def missing(address, visit):
        page = visit.page
        description = page.one("meta", name="description")["content"]
        canonical = "https://gutskin.example" + address.partition("?")[0]
        facts = {
            "title": page.title.endswith("GutSkin") and len(page.title) > 15,
            "description": 30 < len(description) < 320,
            "language": page.one("html").get("lang") == "en",
            "canonical": page.one("link", rel="canonical")["href"] == canonical,
            "one h1": len(page.all("h1")) == 1,
            "text for every picture": all("alt" in picture for picture in page.all("img")),
            "ids used once": len(page.ids) == len(set(page.ids)),
            "one main": len(page.all("main")) == 1,
            "viewport": "width=device-width" in page.one("meta", name="viewport")["content"],
        }
        return [name for name, holds in facts.items() if not holds]

    assert wrong(visits, READING_PAGES + FORM_PAGES + RECORD_PAGES, missing) == {}


def test_no_two_articles_share_a_title_or_a_description(visits):
    pages = [visits[address].page for address in ARTICLES]
    assert len({page.title for page in pages}) == len(ARTICLES)
    assert len({page.one("meta", name="description")["content"] for page in pages}) == len(ARTICLES)


def test_nothing_comes_from_another_host(visits):
    def foreign(address, visit):
        sources = [found["src"] for _, found in visit.page.elements if "src" in found]
        # The others are named only, and not fetched when the page is read.
        named = {"canonical", "alternate", "prev", "next"}
        links = [found for found in visit.page.all("link") if found["rel"] not in named]
        sources += [found["href"] for found in links]
        return [source for source in sources if not source.startswith("/static/")]

    assert wrong(visits, READING_PAGES + FORM_PAGES + RECORD_PAGES, foreign) == {}


def test_security_headers_on_every_page(visits):
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    def headers(address, visit):
        policy = visit.response.headers.get("Content-Security-Policy", "")
        unsafe = "default-src 'none'" not in policy or "unsafe" in policy or "nonce" in policy
        missing = [name for name, value in expected.items() if visit.response.headers.get(name) != value]
        return missing + ["Content-Security-Policy"] * unsafe

    assert wrong(visits, visits, headers) == {}


def test_number_of_queries(visits):
    expected = {
        "/": 2,
        "/conditions/": 1,
        "/evidence/": 5,
        "/references/": 1,
        "/references/zhao2025/": 4,
        "/glossary/": 2,
        "/experts/": 1,
        "/about/": 0,
        "/privacy/": 0,
        "/accessibility/": 0,
        "/emergency-numbers/": 0,
        "/diary/": 0,
        "/consult/": 2,
        "/consult/received/": 0,
    }
    assert {address: visits[address].queries for address in expected} == expected


def test_an_article_takes_at_most_four_queries(visits):
    def queries(address, visit):
        return visit.queries > 4 and visit.queries

    assert wrong(visits, ARTICLES, queries) == {}


def test_reading_pages_cannot_be_written_to(visits):
    def accepted(address, visit):
        return visit.posted.status_code != 405

    assert wrong(visits, READING_PAGES, accepted) == {}


def test_sitemap_names_the_articles(visits):
    sitemap = visits["/sitemap.xml"].response.content.decode()
    assert [address for address in ARTICLES if f"<loc>https://gutskin.example{address}</loc>" not in sitemap] == []


def test_robots_are_told_where_the_sitemap_is(visits):
    response = visits["/robots.txt"].response
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "Sitemap: https://gutskin.example/sitemap.xml" in response.content.decode()
