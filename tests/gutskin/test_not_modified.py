"""What “not modified” says, and that a page with new policies is never “not modified”."""

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction

from gutskin import not_modified
from gutskin.page_cache.wsgi import PageCache
from tests.content import load_content
from tests.wsgi import ask

pytestmark = pytest.mark.django_db

PAGES = ["/", "/conditions/acne/", "/evidence/?condition=acne&certainty=low"]
OPEN_DATA = ["/evidence.csv", "/conditions/acne.jsonld", "/feed/"]
STATIC = "/static/css/site.css"
OF_A_PAGE = {"Cache-Control", "ETag", "Vary"}
# What describes the body is part of the ETag by way of the body, and what every page says alike by way of the settings.
DESCRIBES_THE_BODY = {"Content-Type", "Content-Length", "Content-Encoding"}


@pytest.fixture(scope="module")
def content(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sites(content):
    """Django alone, and with the page cache before it. Made for each test, as the settings are read when it begins."""
    return WSGIHandler(), PageCache(WSGIHandler())


def both(sites, address, **headers):
    """A page and the 304 for it, from each of the sites."""
    for site in sites:
        page = ask(site, address, ACCEPT_ENCODING="br", **headers)
        yield page, ask(site, address, ACCEPT_ENCODING="br", IF_NONE_MATCH=page.headers["ETag"], **headers)


@pytest.mark.parametrize(
    ("address", "names"),
    [
        *((address, OF_A_PAGE) for address in PAGES),
        *(
            (address, OF_A_PAGE | {"Access-Control-Allow-Origin", "Access-Control-Expose-Headers"})
            for address in OPEN_DATA
        ),
    ],
)
def test_a_304_repeats_what_the_page_said_and_no_more(sites, address, names):
    answers = list(both(sites, address))
    for page, unchanged in answers:
        assert (unchanged.status, unchanged.body) == ("304 Not Modified", b"")
        assert unchanged.headers == {name: page.headers[name] for name in names}
    assert answers[0] == answers[1]


def test_a_304_for_a_static_file_too(sites):
    file, unchanged = next(both(sites, STATIC))
    assert (unchanged.status, set(unchanged.headers)) == ("304 Not Modified", {"Cache-Control", "ETag"})
    assert file.headers["Content-Security-Policy"]


def test_over_https_it_says_so_of_the_host(settings, content):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_PROXY_SSL_HEADER = 60, ("HTTP_X_FORWARDED_PROTO", "https")
    for page, unchanged in both((WSGIHandler(), PageCache(WSGIHandler())), "/", X_FORWARDED_PROTO="https"):
        assert set(unchanged.headers) == {*OF_A_PAGE, "Strict-Transport-Security"}
        assert unchanged.headers["Strict-Transport-Security"] == page.headers["Strict-Transport-Security"]


# Header -> how an upgrade may change it.
NEW_POLICIES = {
    "Content-Security-Policy": {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["'none'"]}}},
    "Referrer-Policy": {"SECURE_REFERRER_POLICY": "no-referrer"},
    "Cross-Origin-Opener-Policy": {"SECURE_CROSS_ORIGIN_OPENER_POLICY": "unsafe-none"},
    "X-Content-Type-Options": {"SECURE_CONTENT_TYPE_NOSNIFF": False},
    "X-Frame-Options": {"X_FRAME_OPTIONS": "SAMEORIGIN"},
}
# It has no setting.
ALWAYS_THE_SAME = {"Cross-Origin-Resource-Policy"}


@pytest.mark.parametrize("name", NEW_POLICIES)
def test_with_another_policy_no_stored_page_is_still_good(sites, settings, name):
    before = ask(sites[0], "/about/")
    for setting, value in NEW_POLICIES[name].items():
        setattr(settings, setting, value)
    after = ask(WSGIHandler(), "/about/", IF_NONE_MATCH=before.headers["ETag"])
    assert after.status == "200 OK"
    assert after.body == before.body
    assert after.headers.get(name) != before.headers[name]


def test_with_another_permissions_policy_neither(sites, monkeypatch):
    before = ask(sites[0], "/about/")
    monkeypatch.setattr(not_modified, "PERMISSIONS_POLICY", "camera=(self)")
    assert ask(sites[0], "/about/").headers["ETag"] != before.headers["ETag"]


def test_that_is_every_header_of_a_page_that_a_304_leaves_out(sites):
    [page, unchanged], _cached = both(sites, "/about/")
    left_out = page.headers.keys() - unchanged.headers.keys() - DESCRIBES_THE_BODY
    assert left_out == {*NEW_POLICIES, *ALWAYS_THE_SAME, "Permissions-Policy"}
