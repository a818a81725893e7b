"""What is answered to a method that an address does not take."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse

from gutskin.http_methods import USED, allowed_methods
from tests.addresses import FORM_PAGES, READING_PAGES
from tests.consultations.factories import an_inquiry
from tests.consultations.visits import in_a_visit
from tests.education.factories import make_article
from tests.gutskin.sources import ROOT, python_files
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger():
    """A program: it has no token, no cookie and no login."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def is_a_page_of_ours(response):
    page = Page(response.content.decode())
    return len(page.all("h1")) == 1 and bool(page.all("a", href="/"))


def views(patterns=None):
    """Every view with an address."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.callback
        else:
            yield from views(pattern.url_patterns)


@pytest.mark.parametrize("method", ["FOO", "PROPFIND", "PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize(
    "address, allowed",
    [
        ("/", "GET, HEAD"),
        ("/search/", "GET, HEAD"),
        ("/consult/", "GET, HEAD, POST"),
        ("/consult/status/message/", "POST"),
        ("/accounts/login/", "GET, HEAD, POST"),
        ("/admin/", "GET, HEAD, POST"),
        ("/admin/audit/auditevent/check/", "POST"),
        ("/healthz", "GET, HEAD"),
    ],
)
def test_a_method_that_no_form_uses_is_not_allowed(stranger, method, address, allowed):
    response = stranger.generic(method, address)

    assert (response.status_code, response.headers["Allow"]) == (405, allowed)
    assert is_a_page_of_ours(response)
    assert not response.cookies


def test_an_unknown_address_is_not_found_by_any_method(stranger):
    assert stranger.generic("PROPFIND", "/no/such/thing/").status_code == 404


def test_a_post_to_a_page_without_a_form_is_not_a_matter_of_tokens(stranger):
    for address in ("/search/", "/consult/status/erased/"):
        response = stranger.post(address)
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
        assert is_a_page_of_ours(response)


@pytest.mark.parametrize("address", ["/", "/consult/", "/consult/status/message/", "/admin/", "/accounts/password/"])
def test_options_tells_the_methods_and_nothing_else(stranger, address, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = stranger.options(address)

    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Allow"] == ", ".join((*allowed_methods(resolve(address).func), "OPTIONS"))


@pytest.mark.parametrize("address", ["/connect/service", "/static/css/site.css"])
def test_options_is_answered_where_no_view_tells_its_methods(stranger, address):
    response = stranger.options(address)

    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_head_works_wherever_get_does():
    for view in views():
        allowed = allowed_methods(view) or USED
        assert ("GET" in allowed) == ("HEAD" in allowed), view
    for address in [*READING_PAGES, *FORM_PAGES]:
        assert Client().head(address).status_code == Client().get(address).status_code, address


def test_every_view_says_here_what_it_takes():
    others = [path for path in python_files() if "django.views.decorators.http" in (ROOT / path).read_text()]

    assert others == []


def test_every_address_for_forms_alone_leads_back_to_a_page():
    alone = [view for view in views() if allowed_methods(view) == ("POST",)]

    assert len(alone) > 20
    assert [view for view in alone if not getattr(view, "leads_back_to", "")] == []


@pytest.mark.parametrize("step", ["message", "stay", "leave", "consent", "withdraw", "download"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_enter_in_the_address_bar_leads_a_patient_back(client, step, method):
    inquiry = an_inquiry()
    response = getattr(in_a_visit(client, inquiry), method)(reverse(f"consultations:status-{step}"))

    assert (response.status_code, response.headers["Location"]) == (302, "/consult/status/")
    assert inquiry.reference in client.get("/consult/status/").content.decode()


def test_a_script_for_photos_leads_back_to_the_form(client):
    assert client.get("/consult/photos/").headers["Location"] == "/consult/"


def test_staff_are_led_back_to_the_page_of_the_form(admin_client):
    inquiry, article = an_inquiry(), make_article()
    queue = "/admin/consultations/inquiry/"
    pages = {
        "/admin/audit/auditevent/check/": "/admin/audit/auditevent/",
        "/admin/audit/auditevent/export/": "/admin/audit/auditevent/",
        f"{queue}order/": queue,
        f"{queue}save/": queue,
        f"{queue}figures/count/": f"{queue}figures/",
        f"{queue}figures/save/": f"{queue}figures/",
        f"{queue}{inquiry.pk}/note/": f"{queue}{inquiry.pk}/change/",
        f"{queue}{inquiry.pk}/presence/": f"{queue}{inquiry.pk}/change/",
        f"/admin/education/article/{article.pk}/checks/": f"/admin/education/article/{article.pk}/change/",
        "/admin/education/article/checks/": "/admin/education/article/add/",
        "/admin/accounts/factorreset/1/approve/": "/admin/accounts/factorreset/1/change/",
        "/accounts/sessions/1/end/": "/accounts/sessions/",
        "/accounts/sessions/end-others/": "/accounts/sessions/",
    }
    for address, page in pages.items():
        response = admin_client.get(address)
        assert (response.status_code, response.headers.get("Location")) == (302, page), address


def test_without_a_login_the_way_back_begins_at_the_login(client):
    response = client.get("/admin/audit/auditevent/check/")

    assert response.headers["Location"].startswith("/accounts/login/?next=")


def test_a_static_file_takes_no_form(stranger):
    response = stranger.post("/static/css/site.css")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert is_a_page_of_ours(response)
    assert "Content-Security-Policy" in response.headers
