"""What the page cache answers is what Django answers; whatever it cannot know is asked of Django."""

import pytest
from django.db import transaction

from gutskin.page_cache.wsgi import PageCache
from tests.addresses import FORM_PAGES, READING_PAGES, RECORD_PAGES
from tests.content import load_content
from tests.wsgi import CODINGS, Answer, Counted, ask

# The fixture `full_site` fills the database by itself; the mark is what makes it.
pytestmark = pytest.mark.django_db

FILES = [
    "/evidence.csv",
    "/evidence.json?condition=acne",
    "/conditions/acne.jsonld",
    "/references.bib",
    "/references/zhao2025.ris",
    "/feed/",
    "/search/feed/?q=eczema",
    "/sitemap.xml",
    "/robots.txt",
]
KEPT = [address for address in READING_PAGES if address != "/search/?q=xqzwv"] + FILES


@pytest.fixture(scope="module")
def full_site(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        yield Counted()
        transaction.set_rollback(True)


# What is kept is what Django answers.


@pytest.mark.slow
@pytest.mark.parametrize("coding", CODINGS)
def test_every_public_address_is_answered_as_django_does(full_site, coding):
    cache = PageCache(full_site)
    different = []
    for address in KEPT:
        of_django = ask(full_site, address, ACCEPT_ENCODING=coding)
        first, second = (ask(cache, address, ACCEPT_ENCODING=coding) for _ in range(2))
        asked = len(full_site.asked)
        third, head = ask(cache, address, ACCEPT_ENCODING=coding), ask(cache, address, "HEAD", ACCEPT_ENCODING=coding)
        unchanged = ask(cache, address, ACCEPT_ENCODING=coding, IF_NONE_MATCH=third.headers["ETag"])
        of_django_unchanged = ask(full_site, address, ACCEPT_ENCODING=coding, IF_NONE_MATCH=of_django.headers["ETag"])
        facts = {
            "the same": of_django == first == second == third,
            "kept": len(full_site.asked) == asked + 1,  # of_django_unchanged alone
            "HEAD": head == Answer(third.status, third.headers, b""),
            "304": unchanged == of_django_unchanged and unchanged.status == "304 Not Modified" and not unchanged.body,
            "Vary": unchanged.headers.get("Vary") == third.headers.get("Vary"),
            "length": third.headers["Content-Length"] == str(len(third.body)),
        }
        different += [(address, name) for name, holds in facts.items() if not holds]
    assert different == [], (unchanged, of_django_unchanged)


def test_each_encoding_is_the_same_page_with_an_etag_of_its_own(full_site):
    cache = PageCache(full_site)
    answers = {coding: ask(cache, "/conditions/acne/", ACCEPT_ENCODING=coding) for coding in CODINGS}
    assert {answer.headers.get("Content-Encoding", "") for answer in answers.values()} == set(CODINGS)
    assert len({answer.text for answer in answers.values()}) == 1
    etags = {answer.headers["ETag"] for answer in answers.values()}
    assert len(etags) == len(CODINGS)
    assert not any(etag.startswith("W/") for etag in etags)


@pytest.mark.parametrize("address", [*FORM_PAGES, *RECORD_PAGES, "/healthz", "/readyz", "/nowhere/", "/admin/"])
def test_whatever_is_not_a_reading_page_is_asked_of_django_each_time(full_site, address):
    cache = PageCache(full_site)
    full_site.asked.clear()
    for _ in range(3):
        ask(cache, address)
    assert len(full_site.asked) == 3


@pytest.mark.parametrize(
    ("address", "method", "headers"),
    [
        ("/about/", "GET", {"COOKIE": "x=1"}),
        ("/about/?utm_source=mail", "GET", {}),
        ("/evidence/?condition=acne&x", "GET", {}),
        ("/about/?" + "q" * 1000, "GET", {}),
        ("/about/", "GET", {"AUTHORIZATION": "Basic x"}),
        ("/about/", "GET", {"IF_MATCH": '"x"'}),
        ("/about/", "POST", {}),
        ("/about/", "OPTIONS", {}),
    ],
)
def test_what_could_be_answered_otherwise_goes_to_django(full_site, address, method, headers):
    cache = PageCache(full_site)
    ask(cache, "/about/")
    full_site.asked.clear()
    for _ in range(2):
        ask(cache, address, method, **headers)
    assert len(full_site.asked) == 2


def test_another_host_or_scheme_is_another_page(full_site, settings):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    cache = PageCache(full_site)
    full_site.asked.clear()
    for headers in ({"HOST": "a.example"}, {"HOST": "b.example"}, {"HOST": "a.example", "X_FORWARDED_PROTO": "https"}):
        assert ask(cache, "/about/", **headers).status == "200 OK"
    assert ask(cache, "/about/", HOST="c.example").status == "400 Bad Request"
    assert len(full_site.asked) == 4


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0, br;q=0, *", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity", ""),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=high, gzip ; q=0.1", "gzip"),
        ("", ""),
        (",;,=", ""),
    ],
)
def test_what_a_client_refuses_is_not_sent(full_site, accepted, coding):
    for application in (full_site, PageCache(full_site)):
        answer = ask(application, "/about/", ACCEPT_ENCODING=accepted)
        assert answer.headers.get("Content-Encoding", "") == coding
        assert "GutSkin" in answer.text


def test_a_page_with_a_form_hides_its_length(full_site):
    answers = [ask(full_site, "/consult/", ACCEPT_ENCODING="gzip, br") for _ in range(8)]
    assert {answer.headers["Content-Encoding"] for answer in answers} == {"gzip"}
    assert len({len(answer.body) for answer in answers}) > 1


@pytest.mark.parametrize("host", ["evil.example", "testserver"])
def test_an_error_is_never_not_modified(full_site, host):
    """“Not modified” would say that the old page is still good."""
    for address in ("/nothing/", "/conditions/no-such-page/", "/about/" if host == "evil.example" else "/nothing/"):
        found = [ask(site, address, IF_NONE_MATCH="*", HOST=host).status for site in (full_site, PageCache(full_site))]
        assert found[0] == found[1] != "304 Not Modified"


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/no/such/page"])
def test_what_is_not_kept_does_not_wait_for_the_content_version(full_site, address):
    cache = PageCache(full_site)

    def waits():
        raise AssertionError("The database was asked.")

    cache._version.current = waits
    ask(cache, address)
