"""Two tabs, two requests, one cookie: a page acts on the request that it shows, or on none."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from consultations.forms.consent import STORE_HEALTH_DATA
from consultations.models import Attachment, Consent, Inquiry, Message
from consultations.views.shown_request import FIELD, signed_reference
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import an_inquiry
from tests.consultations.photo_files import a_file, text_of
from tests.consultations.visits import STATUS, code_of, in_a_visit, named_in, page

pytestmark = pytest.mark.django_db
WORDS = "It is better since I stopped the soap."
KEY = "0f0f0f0f-0000-4000-8000-000000000001"
FORMS = {
    "message": {"text": WORDS, "key": KEY},
    "stay": {"text": WORDS, "key": KEY},
    "photos": {"add_photos": "1"},
    "consent": {"purpose": STORE_HEALTH_DATA},
    "withdraw": {},
    "download": {"file": "zip"},
    "erase": {"understood": "yes"},
}


@pytest.fixture
def shown():
    """The request on the page in the first tab."""
    return an_inquiry()


@pytest.fixture
def opened():
    """The request whose code was entered in the second tab afterwards."""
    return an_inquiry(address="192.0.2.9", name="Joseph Obi", email="joseph@example.org")


@pytest.fixture
def second_tab(client, shown, opened):
    in_a_visit(client, shown)
    return in_a_visit(client, opened)


def from_the_first_tab(client, inquiry, step, **data):
    form = {FIELD: signed_reference(inquiry)} | FORMS[step] | data
    return client.post(reverse(f"consultations:status-{step}"), form)


def everything():
    return [
        *Inquiry.objects.order_by("pk").values_list("reference", "status", "closed_at"),
        *Consent.objects.order_by("pk").values_list("purpose", "withdrawn_at"),
        Message.objects.count(),
        Attachment.objects.count(),
        AuditEvent.objects.count(),
    ]


@pytest.mark.parametrize("step", FORMS)
def test_a_form_of_another_request_changes_neither(second_tab, shown, opened, step):
    before = everything()
    files = {"photos": [a_file()]} if step == "photos" else {}
    response = from_the_first_tab(second_tab, shown, step, **files)

    assert response.status_code == 409
    assert everything() == before
    text = text_of(response)
    assert "Nothing was sent, erased or changed in either of them." in text
    assert f"shows your request {shown.reference}" in text
    assert f"Go to {opened.reference}, which is open now" in text
    assert ("Please choose them again" in text) == (step == "photos")


@pytest.mark.parametrize("step", ["message", "stay"])
def test_the_words_come_back_and_find_their_way_to_their_own_request(second_tab, shown, step):
    text = from_the_first_tab(second_tab, shown, step).content.decode()
    assert f'<p class="panel" dir="auto">{WORDS}</p>' in text

    form = re.search(r"<form[^>]* data-message .*?</form>", text, re.DOTALL)[0]
    carried = dict(re.findall(r'<input type="hidden" name="(key|text|for_request)" value="([^"]*)">', form))
    assert carried == {"key": KEY, "text": WORDS, FIELD: signed_reference(shown)}
    text = second_tab.post(STATUS, carried | {"code": code_of(shown)}).content.decode()
    assert "Your message has not been sent yet" in text
    assert "on the page of another request" not in text
    assert set(named_in(text)) == {signed_reference(shown)}
    second_tab.post(reverse("consultations:status-message"), carried)
    assert Message.objects.get().inquiry == shown


def test_words_that_land_on_another_request_say_where_they_come_from(client, shown, opened):
    """The visit was over, and the patient enters the code of the other request."""
    carried = {"text": WORDS, "key": KEY, FIELD: signed_reference(shown)}
    response = client.post(STATUS, carried | {"code": code_of(opened)})

    assert f"You wrote the words below on the page of another request, {shown.reference}." in text_of(response)
    # The form below belongs to the page that it is on.
    assert set(named_in(response.content.decode())) == {signed_reference(opened)}


def test_a_page_that_closes_ends_no_visit_to_another_request(second_tab, shown, opened):
    response = second_tab.post(STATUS, {"text": WORDS, "key": KEY, FIELD: signed_reference(shown)})

    assert response.status_code == 409
    assert WORDS in text_of(response)
    assert opened.reference in page(second_tab)


def test_a_script_is_told_that_its_photo_was_not_stored(second_tab, shown, opened):
    response = from_the_first_tab(second_tab, shown, "photos", photos=[a_file()], fragment="1")

    assert response.status_code == 409
    assert "data-photo-problems" in response.content.decode()
    assert "Another request has been opened in this browser" in text_of(response)
    assert not shown.attachments.exists()
    assert not opened.attachments.exists()


@pytest.mark.parametrize("value", ["", "GS-AAAA-AAAA", "GS-AAAA-AAAA:forged", "<b>", "x" * 5000])
@pytest.mark.parametrize("step", ["message", "erase"])
def test_a_form_that_names_no_request_of_ours_changes_nothing(second_tab, opened, step, value):
    before = everything()
    response = from_the_first_tab(second_tab, opened, step, **{FIELD: value})

    assert response.status_code == 409
    assert everything() == before
    # The only name on the page is that of the request that is open.
    assert "AAAA" not in text_of(response)
    assert f"does not belong to the request {opened.reference}" in text_of(response)


@pytest.mark.parametrize("path", ["", "photos/", "erase/"])
@pytest.mark.parametrize("status", ["new", "withdrawn"])
def test_every_form_of_a_visit_names_its_request(client, shown, path, status):
    """All but the one that leaves: it must work whichever request is open."""
    if status == "withdrawn":
        in_a_visit(client, shown).post(reverse("consultations:status-withdraw"))
    text = in_a_visit(client, shown).get(f"{STATUS}{path}").content.decode()
    forms = re.findall(r'<form[^>]*method="post"[^>]*action="/consult/[^"]*".*?</form>', text, re.DOTALL)

    assert len(forms) > 1
    for form in forms:
        is_named = named_in(form) == [signed_reference(shown)]
        assert is_named or 'action="/consult/status/leave/"' in form


def test_the_same_request_in_two_tabs_is_one_request(client, shown):
    in_a_visit(client, shown)
    in_a_visit(client, shown)

    assert from_the_first_tab(client, shown, "message").status_code == 302


def test_an_expired_token_does_not_lose_the_name(client, shown, opened):
    in_a_visit(client, opened)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    response = from_the_first_tab(strict, shown, "message")

    assert response.status_code == 403
    # Those of the message, and of the button that carries it along.
    assert set(named_in(response.content.decode())) == {signed_reference(shown)}


LINKS = re.compile(r'<a [^>]*href="(/consult/status/[^"]*)"')


def links_of(client, path):
    response = client.get(f"{STATUS}{path}")
    assert response.status_code == 200
    return [html.unescape(link) for link in LINKS.findall(response.content.decode())]


@pytest.mark.parametrize("path", ["", "contact/", "erase/", "photos/"])
def test_a_link_of_another_request_opens_none_of_its_pages(client, shown, opened, path):
    in_a_visit(client, shown).post(reverse("consultations:status-photos"), {"photos": [a_file()]})
    links = links_of(client, path)
    assert links
    in_a_visit(client, opened)

    for link in links:
        response = client.get(link)
        assert response.status_code == 409, link
        text = text_of(response)
        assert f"shows your request {shown.reference}" in text
        assert f"Go to {opened.reference}, which is open now" in text
        for hidden in ("joseph@example.org", "Joseph Obi", "Yes, erase everything"):
            assert hidden not in text


@pytest.mark.parametrize("path", ["", "contact/", "erase/", "photos/"])
def test_the_links_of_a_page_work_while_its_request_is_open(client, shown, path):
    in_a_visit(client, shown)

    for link in links_of(client, path):
        assert client.get(link).status_code == 200, link
    # An address that was typed by hand names none.
    assert client.get(f"{STATUS}{path}").status_code == 200


def test_a_page_that_closes_without_a_script_does_not_turn_into_another_request(client, shown, opened):
    page_html = in_a_visit(client, shown).get(STATUS).content.decode()
    addresses = [
        html.unescape(re.search(pattern, page_html)[1])
        for pattern in (r'http-equiv="refresh" content="\d+; url=([^"]+)"', r'data-status="([^"]+)"')
    ]
    in_a_visit(client, opened)

    for address in addresses:
        assert client.get(address).status_code == 409


@pytest.mark.parametrize("value", ["", "GS-AAAA-AAAA", "GS-AAAA-AAAA:forged", "x" * 5000])
def test_a_link_with_a_forged_name_opens_nothing_and_repeats_nothing(client, opened, value):
    response = in_a_visit(client, opened).get(f"{STATUS}contact/", {FIELD: value})

    assert response.status_code == 409
    assert "AAAA" not in text_of(response)
