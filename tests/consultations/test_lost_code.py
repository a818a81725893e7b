"""A link by mail for patients who have lost their receipt code."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry, LinkRequest, StatusPass
from gutskin import limits
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.consultations.factories import an_inquiry
from tests.consultations.form_pages import csrf_token_in
from tests.consultations.visits import STATUS, in_a_visit, page
from tests.silent_database import silent_database

pytestmark = pytest.mark.django_db
ASK, OPEN = "/consult/code/", "/consult/code/open/"
AMINA = "amina.okafor@example.org"


def sent_links(mailoutbox):
    """Sends the queued mails and returns the paths of the links in them."""
    mailoutbox.clear()
    Notification.objects.exclude(kind="status_link").delete()
    call_command("send_mail_queue")
    return [re.search(r"https://gutskin\.example(/consult/code/open/\?key=\S+)", mail.body)[1] for mail in mailoutbox]


def the_link(client, mailoutbox, **typed):
    client.post(ASK, {"email": AMINA} | typed)
    (link,) = sent_links(mailoutbox)
    return link


def token_on(response):
    return re.search(r'name="key" value="([^"]+)"', response.content.decode())[1]


def test_a_link_opens_the_status_page(client, mailoutbox):
    inquiry = an_inquiry()

    page = client.get(the_link(client, mailoutbox))
    response = client.post(OPEN, {"key": token_on(page)})

    assert mailoutbox[0].to == [AMINA]
    assert inquiry.reference in mailoutbox[0].subject
    assert (response.status_code, response.headers["Location"]) == (302, STATUS)
    assert inquiry.reference in client.get(STATUS).content.decode()
    actions_taken = set(AuditEvent.objects.about(inquiry.reference).values_list("action", flat=True))
    assert {"link_asked_for", "status_page_opened"} <= actions_taken


def test_a_link_ends_the_visit_that_was_open_in_that_browser(client, mailoutbox):
    before = an_inquiry(email="somebody.else@example.org")
    secret = in_a_visit(client, before).cookies["visit"].value
    an_inquiry(address="198.51.100.9")
    token = token_on(client.get(the_link(client, mailoutbox)))

    # Opened, but not used: no visit ends.
    assert before.reference in page(client)
    client.post(OPEN, {"key": token})
    old_browser = Client()
    old_browser.cookies["visit"] = secret
    assert before.reference not in page(old_browser)


def test_an_invalid_link_ends_no_visit(client):
    inquiry = an_inquiry()
    in_a_visit(client, inquiry).post(OPEN, {"key": "x"})

    assert inquiry.reference in page(client)


def test_a_scanner_that_opens_the_link_does_not_use_it_up(client, mailoutbox):
    an_inquiry()
    link = the_link(client, mailoutbox)
    for method in ("get", "head", "get"):
        getattr(Client(), method)(link)

    assert client.post(OPEN, {"key": token_on(client.get(link))}).headers["Location"] == STATUS


def test_a_used_link_leads_to_a_new_one(client, mailoutbox):
    an_inquiry()
    link = the_link(client, mailoutbox)
    token = token_on(client.get(link))
    client.post(OPEN, {"key": token})

    for response in (client.get(link), client.post(OPEN, {"key": token})):
        assert "This link no longer works" in response.content.decode()
        assert f'href="{ASK}"' in response.content.decode()


def test_a_link_expires_after_15_minutes(client, mailoutbox):
    an_inquiry()
    link = the_link(client, mailoutbox)
    token = token_on(client.get(link))

    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert "no longer works" in client.get(link).content.decode()
        assert "no longer works" in client.post(OPEN, {"key": token}).content.decode()


@pytest.mark.parametrize("token", ["x", "é", "%00", "..%2f..%2f", "a" * 5000, "%ff", "'"])
def test_a_forged_link_opens_nothing(client, token):
    assert client.get(f"{OPEN}?key={token}").status_code in (200, 400)
    assert not StatusPass.objects.exists()
    response = client.post(OPEN, {"key": token})
    assert (response.status_code, "no longer works" in response.content.decode()) == (200, True)


def test_the_secret_is_not_sent_to_any_other_page(client, mailoutbox):
    an_inquiry()
    link = the_link(client, mailoutbox)

    response = client.get(link)

    page = response.content.decode()
    token = token_on(response)
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in response.headers["Cache-Control"]
    assert page.count(token) == 1
    assert "GS-" not in page
    assert token not in client.post(OPEN, {"key": token}).headers["Location"]


def test_the_secret_is_in_no_log(client, mailoutbox, caplog):
    caplog.set_level(logging.DEBUG)
    client.raise_request_exception = False
    an_inquiry()
    link = the_link(client, mailoutbox)
    token = token_on(client.get(link))

    with silent_database():
        assert client.get(link).status_code == 503
        assert client.post(OPEN, {"key": token}).status_code == 503
    Client(enforce_csrf_checks=True).post(OPEN, {"key": token})

    assert "code/" in caplog.text
    assert token not in caplog.text


def test_an_expired_csrf_token_does_not_use_up_the_link(client, mailoutbox):
    an_inquiry()
    token = token_on(client.get(the_link(client, mailoutbox)))
    strict = Client(enforce_csrf_checks=True)

    page = strict.post(OPEN, {"key": token, "csrfmiddlewaretoken": "old"})

    fresh = csrf_token_in(page.content.decode())
    assert page.status_code == 403
    assert strict.post(OPEN, {"key": token_on(page), "csrfmiddlewaretoken": fresh}).headers["Location"] == STATUS


def without_token(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def requests_of_one(count):
    return [an_inquiry(address=f"198.51.100.{number}") for number in range(count)]


def asked(email, **typed):
    """The queries and the answer of the page, for a first-time visitor."""
    with CaptureQueriesContext(connection) as queries:
        response = Client().post(ASK, {"email": email} | typed, REMOTE_ADDR="203.0.113.5")
    statements = [re.sub(r"'[^']*'|X'[^']*'|\d+", "?", query["sql"]) for query in queries]
    return response.status_code, without_token(response), statements


def test_known_and_unknown_addresses_get_the_same_answer_for_the_same_work():
    requests_of_one(3)

    known, unknown = asked(AMINA), asked("nobody@example.org")

    assert known == unknown
    assert known[0] == 200
    assert len(known[2]) <= 6


def test_no_mail_is_sent_before_the_worker_runs(client, mailoutbox):
    an_inquiry()
    client.post(ASK, {"email": AMINA})

    assert not Notification.objects.filter(kind="status_link").exists()
    assert mailoutbox == []
    assert len(sent_links(mailoutbox)) == 1
    assert not LinkRequest.objects.exists()


def test_an_unknown_address_gets_no_mail_and_is_deleted(client, mailoutbox):
    an_inquiry()
    client.post(ASK, {"email": "nobody@example.org"})

    assert sent_links(mailoutbox) == []
    assert not LinkRequest.objects.exists()


def test_the_address_is_stored_encrypted(client):
    client.post(ASK, {"email": AMINA, "reference": "GS-7K4M-2XQP"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM consultations_linkrequest")
        row = cursor.fetchone()
    assert "amina" not in str(row).lower()
    assert "7K4M" not in str(row)


@pytest.mark.parametrize("typed", ["AMINA.Okafor@example.org", f" {AMINA} ", f"{AMINA}\n"])
def test_the_address_is_found_however_it_is_typed(client, mailoutbox, typed):
    an_inquiry()
    client.post(ASK, {"email": typed})

    assert len(sent_links(mailoutbox)) == 1
    # However it was typed, mail goes to the stored address only.
    assert mailoutbox[0].recipients() == [AMINA]


def test_only_the_five_newest_open_requests_get_a_link_each(client, mailoutbox):
    inquiries = requests_of_one(7)
    Inquiry.objects.filter(pk=inquiries[6].pk).update(status="spam", closed_at=timezone.now())

    client.post(ASK, {"email": AMINA})

    assert len(set(sent_links(mailoutbox))) == 5
    about = {mail.subject.rpartition(" ")[2] for mail in mailoutbox}
    assert about == {inquiry.reference for inquiry in inquiries[1:6]}


def closed(inquiry):
    Inquiry.objects.filter(pk=inquiry.pk).update(status="closed", closed_at=timezone.now())
    return inquiry


@pytest.mark.parametrize("spelling", ["{0}", " {0} ", "{1}", "gs {1}"])
def test_a_closed_request_is_found_by_its_reference(client, mailoutbox, spelling):
    inquiry = closed(an_inquiry())
    an_inquiry(address="198.51.100.9")
    typed = spelling.format(inquiry.reference.lower(), inquiry.reference.removeprefix("GS-"))

    client.post(ASK, {"email": AMINA, "reference": typed})

    assert len(sent_links(mailoutbox)) == 1
    assert inquiry.reference in mailoutbox[0].subject


def test_a_reference_of_someone_else_gets_no_mail(client, mailoutbox):
    other = an_inquiry(email="somebody.else@example.org")
    client.post(ASK, {"email": AMINA, "reference": other.reference})

    assert sent_links(mailoutbox) == []


@pytest.mark.parametrize(
    "email",
    [
        "",
        "amina",
        "a@b@c",
        f"{AMINA}\r\nBcc: x@example.org",
        f"{AMINA},x@example.org",
        '"\x1cBcc:a"@example.org',
    ],
)
def test_an_invalid_address_is_explained_and_kept_in_the_form(client, email, mailoutbox):
    an_inquiry()
    response = client.post(ASK, {"email": email, "reference": "GS-7K4M-2XQP"})

    assert "error-summary" in response.content.decode()
    assert "GS-7K4M-2XQP" in response.content.decode()
    assert not LinkRequest.objects.exists()
    assert sent_links(mailoutbox) == []


def test_an_invalid_reference_gets_an_example(client):
    assert (
        "A reference looks like GS-7K4M-2XQP" in client.post(ASK, {"email": AMINA, "reference": "12"}).content.decode()
    )


@time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False)
def test_too_many_requests_from_one_address_get_an_explanation(client):
    for _ in range(limits.LINK_REQUESTS_PER_HOUR):
        assert client.post(ASK, {"email": AMINA}).status_code == 200

    response = client.post(ASK, {"email": AMINA})

    assert response.status_code == 429
    assert "after 11:00" in response.content.decode()
    assert AMINA in response.content.decode()
    assert response.headers["Retry-After"] == "2401"
    assert LinkRequest.objects.count() == limits.LINK_REQUESTS_PER_HOUR


@time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False)
def test_too_many_requests_from_everywhere_are_refused_without_blame(client, monkeypatch, settings):
    settings.CLINIC_PHONE = "020 7946 0000"
    monkeypatch.setattr("gutskin.limits.LINK_REQUESTS_PER_HOUR_BY_ALL", 3)
    answers = [client.post(ASK, {"email": AMINA}, REMOTE_ADDR=f"198.51.100.{n}") for n in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    html = answers[3].content.decode()
    assert "Many people are asking for links at the moment. Please try again after 11:00." in html
    assert "020 7946 0000" in html
    assert "many times" not in html
    assert AMINA in html
    assert answers[3].headers["Retry-After"] == "2401"


def test_link_requests_do_not_count_as_consultation_requests(client):
    for _ in range(limits.LINK_REQUESTS_PER_HOUR):
        client.post(ASK, {"email": AMINA}, REMOTE_ADDR="192.0.2.1")

    assert an_inquiry(address="192.0.2.1")


def test_a_mailbox_gets_a_limited_number_of_links(client, mailoutbox):
    an_inquiry()
    links = []
    for number in range(limits.LINKS_PER_HOUR + 2):
        client.post(ASK, {"email": AMINA}, REMOTE_ADDR=f"198.51.100.{number}")
        links += sent_links(mailoutbox)

    assert len(links) == limits.LINKS_PER_HOUR


def test_what_was_typed_is_kept_while_the_database_is_down(client):
    client.raise_request_exception = False

    with silent_database():
        response = client.post(ASK, {"email": AMINA})

    assert response.status_code == 503
    assert AMINA in response.content.decode()


def test_an_expired_csrf_token_keeps_what_was_typed():
    response = Client(enforce_csrf_checks=True).post(ASK, {"email": AMINA})

    assert response.status_code == 403
    assert AMINA in response.content.decode()


def test_a_link_request_that_cannot_be_decrypted_stops_no_other(mailoutbox):
    an_inquiry()
    actions.ask_for_link(email=AMINA, reference="", address="192.0.2.7")
    LinkRequest.objects.update(public_id="5b0cf0b4-8e0f-4b7c-8a43-5f2d6c0f6a11")
    actions.ask_for_link(email=AMINA, reference="", address="192.0.2.7")

    assert len(sent_links(mailoutbox)) == 1
    assert not LinkRequest.objects.exists()


def test_an_address_that_cannot_be_decrypted_stops_no_mail(mailoutbox, caplog):
    """It is deleted too: otherwise the worker would crash on it at every start."""
    damaged, intact = requests_of_one(2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consultations_inquiry SET email = '1:test1:AAAA' WHERE id = %s", [damaged.pk])
    actions.ask_for_link(email=AMINA, reference="", address="192.0.2.7")

    assert len(sent_links(mailoutbox)) == 1
    assert intact.reference in mailoutbox[0].subject
    assert not LinkRequest.objects.exists()
    assert "cannot be decrypted" in caplog.text
    assert "amina" not in caplog.text.lower()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(ASK).status_code == 405
    assert getattr(client, method)(OPEN).status_code == 405
