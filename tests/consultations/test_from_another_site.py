"""Another website posts to ours: it must not set what is in a patient's form, least of all its key."""

import re

import pytest
from django.test import Client

from consultations.models import Attachment
from tests.consultations.factories import ANSWERS, an_inquiry, posted, shows_the_answers
from tests.consultations.photo_files import a_file
from tests.consultations.visits import STATUS, in_a_visit
from tests.silent_database import silent_database

pytestmark = pytest.mark.django_db
FORM = "/consult/"
KEY = posted()["key"]
ELSEWHERE = [
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://pages.testserver", "Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]


def a_browser():
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def key_on(response):
    return re.search(r'name="key" value="([^"]+)"', response.content.decode())[1]


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_another_site_sets_neither_the_key_of_the_form_nor_an_answer(headers):
    # With the key it could see the photos that the patient adds; with an address of its own it would get the link.
    page = a_browser().post(FORM, posted(photos=[a_file()]), headers=headers)

    assert page.status_code == 403
    assert key_on(page) != KEY
    assert not any(ANSWERS[name] in page.content.decode() for name in ("name", "email", "question"))
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_another_site_sets_nothing_while_the_database_is_down(headers):
    with silent_database():
        page = a_browser().post(FORM, posted(), headers=headers)

    assert page.status_code == 503
    assert key_on(page) != KEY
    assert ANSWERS["email"] not in page.content.decode()


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}, {}])
def test_a_post_from_our_own_page_keeps_every_answer(headers):
    page = a_browser().post(FORM, posted(), headers=headers)

    assert (page.status_code, key_on(page)) == (403, KEY)
    assert shows_the_answers(page)


@pytest.mark.parametrize("address", [STATUS, "/consult/status/message/", "/consult/status/stay/"])
@pytest.mark.parametrize("headers", ELSEWHERE)
def test_another_site_puts_no_words_and_no_code_into_a_visit(address, headers):
    browser = in_a_visit(Client(), an_inquiry())
    strict = a_browser()
    strict.cookies = browser.cookies
    page = strict.post(address, {"text": "Please send it all to me.", "code": "ABCD-EFGH", "key": KEY}, headers=headers)

    assert page.status_code == 403
    assert "send it all" not in page.content.decode()
    assert "ABCD-EFGH" not in page.content.decode()


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_it_chooses_no_address_for_a_lost_code(headers):
    page = a_browser().post("/consult/code/", {"email": "mallory@evil.example"}, headers=headers)

    assert page.status_code == 403
    assert "mallory" not in page.content.decode()
