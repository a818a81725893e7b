"""Which of our answers a script of another site may read."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from gutskin.page_cache.wsgi import PageCache
from tests.addresses import FORM_PAGES, READING_PAGES, RECORD_PAGES
from tests.content import load_content
from tests.wsgi import Counted, connection_kept
from tests.wsgi import ask as ask_wsgi

pytestmark = pytest.mark.django_db
OPEN = [
    "/evidence.csv",
    "/evidence.json?condition=acne",
    "/conditions/acne.jsonld",
    "/what-is-the-gut-skin-axis.jsonld",
    "/references.bib",
    "/references.json",
    "/references/zhao2025.ris",
    "/feed/",
    "/search/feed/?q=eczema",
]
# What is open to programs by a standard of its own: education/views/infobutton.py.
RECORDS = ("/connect/service", "/connect/application")
OTHERS = [
    *READING_PAGES,
    *FORM_PAGES,
    *(address for address in RECORD_PAGES if not address.startswith(RECORDS)),
    *("/sitemap.xml", "/robots.txt", "/healthz", "/readyz", "/admin/", "/accounts/login/", "/nowhere/"),
    "/static/css/site.css",
]
# Not there: a page of ours says so.
NOT_THERE = ["/conditions/nowhere.jsonld", "/references/nowhere.bib"]


@pytest.fixture(scope="module")
def full_site(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        yield Client(headers={"origin": "https://another.example"})
        transaction.set_rollback(True)


def open_headers(response):
    return (
        response.headers.get("Access-Control-Allow-Origin"),
        response.headers.get("Cross-Origin-Resource-Policy"),
        "Access-Control-Allow-Credentials" in response.headers,
    )


@pytest.mark.slow
def test_a_script_of_another_site_may_fetch_open_data_and_nothing_else(full_site):
    for address in OPEN:
        response = full_site.get(address)
        unchanged = full_site.get(address, headers={"if-none-match": response.headers["ETag"]})
        for found in (response, full_site.head(address), full_site.options(address)):
            assert found.status_code in {200, 204}
            assert open_headers(found) == ("*", "cross-origin", False), (address, found.status_code)
        # A script that asked for it itself sees it only with the first header; the other one is of what is stored.
        assert (unchanged.status_code, *open_headers(unchanged)) == (304, "*", None, False), address
    for address in OTHERS:
        for found in (full_site.get(address), full_site.head(address), full_site.options(address)):
            assert open_headers(found) == (None, "same-origin", False), (address, found.status_code)
            with connection_kept():
                found.close()  # a static file is still open
    for address in NOT_THERE:
        for found in (full_site.get(address), full_site.head(address)):
            assert (found.status_code, *open_headers(found)) == (404, None, "same-origin", False), address


def test_each_view_of_open_data_is_among_these():
    def views(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield pattern.name, pattern.callback
            else:
                yield from views(pattern.url_patterns)

    found = {name for name, view in views(get_resolver().url_patterns) if getattr(view, "is_open_data", False)}
    assert found == {
        *("evidence-csv", "evidence-json", "reference-copy", "reference-copies", "feed", "search-feed"),
        *("mechanism-data", "condition-data", "therapy-data", "overview-data"),
    }


def test_a_script_may_ask_whether_the_data_are_still_the_same(full_site):
    """With a header of its own, so that the browser asks first, and reads the answer's ETag."""
    preflight = full_site.options("/evidence.json", headers={"access-control-request-headers": "if-none-match"})
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert preflight.headers["Access-Control-Allow-Headers"] == "*"
    assert {"ETag", "Link"} <= set(full_site.get("/evidence.json").headers["Access-Control-Expose-Headers"].split(", "))
    assert full_site.options("/connect/service").headers["Access-Control-Allow-Origin"] == "*"


def test_what_the_page_cache_answers_may_be_fetched_too(full_site):
    cache = PageCache(Counted())
    for _ in range(2):
        answer = ask_wsgi(cache, "/evidence.json")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    unchanged = ask_wsgi(cache, "/evidence.json", IF_NONE_MATCH=answer.headers["ETag"])
    assert unchanged.status.startswith("304")
    assert unchanged.headers["Access-Control-Allow-Origin"] == "*"
