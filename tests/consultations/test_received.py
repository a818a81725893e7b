"""The page after sending: reference and receipt code."""

import base64
import re
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from consultations.models import Inquiry
from consultations.request_numbers import receipt_code
from consultations.views.shown_request import FIELD, signed_reference
from tests.consultations.factories import an_inquiry, posted
from tests.consultations.form_pages import csrf_token_in
from tests.consultations.visits import named_in

pytestmark = pytest.mark.django_db
FORM, RECEIVED, FILE = "/consult/", "/consult/received/", "/consult/received/code/"
MORNING = datetime(2026, 11, 23, 10, tzinfo=UTC)
CODE = re.compile(r"\b(?:[A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}\b")


def at(moment):
    return time_machine.travel(moment, tick=False)


def code_on(response):
    found = CODE.search(response.content.decode())
    return found[0] if found else ""


@at(MORNING)
def test_the_page_shows_reference_code_and_date_and_the_address_does_not(client, django_assert_num_queries):
    response = client.post(FORM, posted())
    inquiry = Inquiry.objects.get()

    with django_assert_num_queries(0):
        page = client.get(response.headers["Location"])

    assert inquiry.reference in page.content.decode()
    assert code_on(page) == receipt_code(inquiry.idempotency_key)
    assert '<time datetime="2026-12-07">7 December 2026</time>' in page.content.decode()
    assert "Amina" not in page.content.decode()
    assert response.headers["Location"] == RECEIVED


def test_the_cookie_is_short_lived_private_and_encrypted(client):
    cookie = client.post(FORM, posted()).cookies["receipt"]
    inquiry = Inquiry.objects.get()

    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["max-age"]) == ("Lax", 3600)
    for secret in (inquiry.reference, receipt_code(inquiry.idempotency_key), "Amina", "amina"):
        assert secret not in cookie.value
    assert re.fullmatch(r"[\w-]+", cookie.value)


def test_over_https_no_sub_domain_can_set_the_cookie(client, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = client.post(FORM, posted(), secure=True).cookies["__Host-receipt"]

    assert (cookie["path"], cookie["secure"], cookie["domain"]) == ("/", True, "")


def a_browser():
    """A client that has opened the form, as every browser has that sends it."""
    client = Client()
    client.get(FORM)
    return client


def the_file(client):
    """“Save as a file”, from the page that shows the code."""
    return client.get(FILE, {FIELD: signed_reference(Inquiry.objects.first())})


def hide(client, inquiry=None):
    """“I have kept my code”."""
    return client.post(RECEIVED, {FIELD: signed_reference(inquiry or Inquiry.objects.get())}, follow=True)


def test_a_form_sent_twice_gives_the_same_code():
    client = a_browser()
    client.post(FORM, posted())
    first = code_on(client.get(RECEIVED))
    client.post(FORM, posted())

    assert code_on(client.get(RECEIVED)) == first != ""


def test_the_button_hides_the_code_and_the_reference_stays(client):
    client.post(FORM, posted())

    response = hide(client)

    assert code_on(response) == ""
    assert Inquiry.objects.get().reference in response.content.decode()
    assert the_file(client).status_code == 302


def test_a_form_sent_again_shows_the_code_until_ten_minutes_after_it_came_in():
    client = a_browser()
    with at(MORNING):
        client.post(FORM, posted())
    with at(MORNING + timedelta(minutes=9)):
        client.post(FORM, posted())
        assert code_on(client.get(RECEIVED))
    for later in (timedelta(minutes=10), timedelta(days=30)):
        with at(MORNING + later):
            client.post(FORM, posted())
            assert code_on(client.get(RECEIVED)) == ""
            assert the_file(client).status_code == 302
    assert Inquiry.objects.count() == 1


def test_the_same_form_from_another_browser_shows_no_code():
    """Someone who has a copy of the page with the form, such as the next person at a shared computer."""
    a_browser().post(FORM, posted())
    other = a_browser()
    other.post(FORM, posted())

    assert code_on(other.get(RECEIVED)) == ""
    assert Inquiry.objects.get().reference in other.get(RECEIVED).content.decode()
    assert the_file(other).status_code == 302


def test_a_code_that_was_hidden_stays_hidden_when_the_form_is_sent_again():
    client = a_browser()
    client.post(FORM, posted())
    hide(client)
    client.post(FORM, posted())

    assert code_on(client.get(RECEIVED)) == ""


def test_two_requests_from_one_browser_have_no_digest_in_common():
    client = a_browser()
    for key in (uuid.uuid4(), uuid.uuid4()):
        client.post(FORM, posted(key=str(key)))

    assert len(set(Inquiry.objects.values_list("sender_digest", flat=True))) == 2


def test_the_page_of_one_request_does_not_hide_the_code_of_another():
    client = a_browser()
    client.post(FORM, posted())
    first = Inquiry.objects.get()
    client.post(FORM, posted(key=str(uuid.uuid4())))
    second = Inquiry.objects.exclude(pk=first.pk).get()
    responses = [
        hide(client, first),
        client.get(FILE, {FIELD: signed_reference(first)}),
        client.post(RECEIVED, {FIELD: "GS-AAAA-AAAA:forged"}),
    ]

    for response in responses:
        assert response.status_code == 409
        assert code_on(response) == ""
        assert f"was sent last is <strong>{second.reference}</strong>" in response.content.decode()
        assert "AAAA" not in response.content.decode()
    assert first.reference in responses[0].content.decode()
    assert code_on(client.get(RECEIVED)) == receipt_code(second.idempotency_key)


def test_the_links_and_forms_of_the_page_name_their_request(client):
    client.post(FORM, posted())
    html = client.get(RECEIVED).content.decode()
    value = signed_reference(Inquiry.objects.get())

    assert named_in(html) == [value]
    assert f'href="{FILE}?{urlencode({FIELD: value})}"' in html
    assert client.get(f"{FILE}?{urlencode({FIELD: value})}").status_code == 200


def test_after_a_lost_connection_the_code_is_shown_for_ten_minutes(client):
    with at(MORNING):
        client.post(FORM, posted())
    with at(MORNING + timedelta(minutes=9, seconds=59)):
        assert code_on(client.get(RECEIVED))
    with at(MORNING + timedelta(minutes=10)):
        page = client.get(RECEIVED)
        assert code_on(page) == ""
        assert Inquiry.objects.get().reference in page.content.decode()
        assert "/consult/code/" in page.content.decode()
        assert the_file(client).status_code == 302


def test_without_a_script_the_page_reloads_when_the_time_is_over(client):
    with at(MORNING):
        client.post(FORM, posted())
    with at(MORNING + timedelta(minutes=4)):
        html = client.get(RECEIVED).content.decode()
        assert '<noscript><meta http-equiv="refresh" content="361; url=/consult/received/"></noscript>' in html
        assert 'data-seconds="361"' in html
        hide(client)
        assert "refresh" not in client.get(RECEIVED).content.decode()


def test_the_reference_is_shown_for_an_hour(client):
    with at(MORNING):
        client.post(FORM, posted())
    with at(MORNING + timedelta(hours=1)):
        assert "GS-" not in client.get(RECEIVED).content.decode()


def test_another_browser_sees_nothing(client):
    client.post(FORM, posted())

    assert "GS-" not in Client().get(RECEIVED).content.decode()


def tampered(cookie):
    # In the middle, because some bits of the last letter mean nothing in base64.
    half = len(cookie) // 2
    return cookie[:half] + ("A" if cookie[half] != "A" else "B") + cookie[half + 1 :]


@pytest.mark.parametrize("cookie", [None, "", "GS-AAAA-AAAA", "MTprMTo", "\x00", "é", "A" * 5000, "MTp0ZXN0MTpBQUFB"])
def test_without_a_valid_cookie_the_page_explains_itself(client, cookie):
    if cookie is not None:
        client.cookies["receipt"] = cookie

    response = client.get(RECEIVED)

    assert response.status_code == 200
    assert "GS-AAAA" not in response.content.decode()
    assert "If you have not sent a request yet" in response.content.decode()
    assert client.post(RECEIVED).status_code == 302
    assert client.get(FILE).status_code == 302
    assert client.get(FILE, {FIELD: "x"}).status_code == 302


def test_an_altered_cookie_shows_nothing(client):
    client.cookies["receipt"] = tampered(client.post(FORM, posted()).cookies["receipt"].value)

    assert "GS-" not in client.get(RECEIVED).content.decode()


def test_a_text_encrypted_for_another_place_is_not_a_receipt(client):
    ciphertext = Inquiry.objects.filter(pk=an_inquiry().pk).values("question")[0]["question"].value
    client.cookies["receipt"] = base64.urlsafe_b64encode(ciphertext.encode()).decode()

    assert "GS-" not in client.get(RECEIVED).content.decode()


def test_the_file_contains_the_code_and_where_to_type_it(client, settings):
    settings.SITE_URL = "https://gutskin.example"
    client.post(FORM, posted())
    code = code_on(client.get(RECEIVED))

    response = the_file(client)

    text = response.content.decode()
    assert code in text
    assert "https://gutskin.example/consult/status/" in text
    assert response.headers["Content-Disposition"] == 'attachment; filename="code.txt"'
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "no-store" in response.headers["Cache-Control"]
    assert "Amina" not in text


def test_the_code_is_in_no_mail_no_row_and_no_log(client, mailoutbox, caplog):
    caplog.set_level(10)
    client.post(FORM, posted())
    code = code_on(client.get(RECEIVED))
    call_command("send_mail_queue")

    assert len(mailoutbox) == 2
    everything = "".join(f"{sent.message()}{sent.body}{sent.alternatives}" for sent in mailoutbox) + caplog.text
    assert code not in everything
    assert code.replace("-", "") not in everything


def test_an_expired_csrf_token_keeps_the_code_on_the_page():
    client = Client(enforce_csrf_checks=True)
    token = csrf_token_in(client.get(FORM).content.decode())
    client.post(FORM, posted(csrfmiddlewaretoken=token))

    response = client.post(RECEIVED, {"csrfmiddlewaretoken": "old"})

    assert response.status_code == 403
    assert code_on(response)


def answered(days, count=5):
    for number in range(count):
        inquiry = an_inquiry(address=f"198.51.100.{number}")
        Inquiry.objects.filter(pk=inquiry.pk).update(
            received_at=MORNING - timedelta(days=days), answered_at=MORNING, status="answered"
        )


@at(MORNING)
def test_form_and_received_page_show_opening_hours_and_usual_reply_time(client, settings):
    settings.OPENING_HOURS = "Monday to Friday, 9:00 to 17:00"
    answered(days=7)

    form = client.get(FORM).content.decode()
    client.post(FORM, posted(key=str(uuid.uuid4())))
    page = client.get(RECEIVED).content.decode()

    for html in (form, page):
        assert "We read requests at these times: Monday to Friday, 9:00 to 17:00." in html
        assert "Half of the people we answered in the last 30 days had our first answer within 5 working days." in html


@at(MORNING)
def test_without_opening_hours_and_with_few_answers_neither_is_shown(client):
    answered(days=7, count=4)

    html = client.get(FORM).content.decode()

    assert "at these times" not in html
    assert "of the people we answered" not in html
