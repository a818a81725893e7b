import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import actions
from consultations.forms.consent import STORE_HEALTH_DATA
from consultations.models import Consent, Inquiry, Message
from gutskin.audit.hash_chain import broken_links
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.consultations.factories import a_clinician, a_coordinator, an_inquiry
from tests.consultations.form_pages import csrf_token_in
from tests.consultations.visits import STATUS, code_of, in_a_visit, on_the_page_of, page
from tests.silent_database import silent_database

pytestmark = pytest.mark.django_db
KEY = "0f0f0f0f-0000-4000-8000-000000000001"
MESSAGE, WITHDRAW, CONSENT, ERASE = (f"/consult/status/{name}/" for name in ("message", "withdraw", "consent", "erase"))
WORDS = "It is better since I stopped the soap."


@pytest.fixture
def inquiry():
    return an_inquiry()


@pytest.fixture
def patient(client, inquiry):
    return in_a_visit(client, inquiry)


def sent(client, text=WORDS, key=KEY):
    return client.post(MESSAGE, {"text": text, "key": key})


def the_actions():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_addresses():
    names = ["page", "message", "stay", "leave", "consent", "withdraw", "download", "erase", "erased"]
    found = [reverse(f"consultations:status-{name}") for name in names]
    assert found == [STATUS] + [f"{STATUS}{name}/" for name in names[1:]]


def test_a_message_reaches_the_clinic_and_is_shown_on_the_page(patient):
    response = sent(patient)
    message = Message.objects.get()

    assert response.headers["Location"] == f"{STATUS}?done=message#sent"
    assert (message.text, message.is_from_patient) == (WORDS, True)
    html = patient.get(f"{STATUS}?done=message").content.decode()
    assert WORDS in html
    assert "Your message is with us" in html
    assert Notification.objects.filter(kind="patient_notice").count() == 1


def test_a_message_over_the_hourly_limit_is_kept_in_the_form_and_says_when(patient, monkeypatch):
    monkeypatch.setattr("gutskin.limits.MESSAGES_PER_HOUR", 2)
    with time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False):
        patient = in_a_visit(Client(), Inquiry.objects.get())
        for text in ("One.", "Two."):
            assert sent(patient, text).status_code == 302
        response = sent(patient, WORDS)

    assert (response.status_code, response.headers["Retry-After"]) == (429, "2401")
    html = response.content.decode()
    assert "You have sent many messages in an hour" in html
    assert "after 11:00" in html
    assert f">{WORDS}</textarea>" in html.replace("\n", "")
    assert Message.objects.count() == 2


def test_a_form_sent_twice_is_one_message_and_changed_text_is_another(patient):
    for text in (WORDS, WORDS, "Something else."):
        assert sent(patient, text).status_code == 302

    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("", "Write your message first"),
        (" \n ", "Write your message first"),
        ("a" * 10_001, "Please shorten this to 10000 characters"),
        (WORDS + "\0", "invisible character"),
        (WORDS + "\ufffd", "could not be read"),
    ],
)
def test_an_invalid_message_is_kept_in_the_form_and_says_why(patient, text, sentence):
    response = sent(patient, text)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert text.strip("\0\ufffd").strip() in response.content.decode()
    assert KEY in response.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize("key", ["", "garbled", "0" * 5000])
def test_a_missing_or_forged_key_stops_no_message(patient, key):
    assert sent(patient, key=key).status_code == 302


def test_a_message_is_kept_while_the_database_is_down(patient):
    patient.raise_request_exception = False

    with silent_database():
        response = sent(patient)

    assert response.status_code == 503
    assert WORDS in response.content.decode()
    assert KEY in response.content.decode()
    assert sent(patient).status_code == 302
    assert Message.objects.count() == 1


@time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False)
def test_the_page_with_an_unsent_message_closes_by_itself_too(client):
    client.raise_request_exception = False
    client.cookies["visit"] = "any"

    with silent_database():
        html = sent(client).content.decode()

    assert WORDS in html
    assert 'data-seconds="1801"' in html
    assert '<noscript><meta http-equiv="refresh" content="1801; url=/consult/status/?for_request=' in html
    assert '<time datetime="2026-11-23T10:50:00+00:00">10:50</time>' in html
    assert "What you have not sent by then is lost" in html
    # The button to stay sends the typed text along.
    assert 'form="message" formaction="/consult/status/stay/"' in html


def test_an_expired_csrf_token_keeps_the_message(inquiry):
    client = Client(enforce_csrf_checks=True)
    client.cookies["visit"] = actions.begin_visit(inquiry, "code")
    response = client.post(MESSAGE, {"text": WORDS, "key": KEY, "csrfmiddlewaretoken": "expired"})

    assert response.status_code == 403
    assert WORDS in response.content.decode()
    assert KEY in response.content.decode()


def test_a_hidden_origin_keeps_the_message_if_the_token_is_ours(inquiry):
    client = Client(enforce_csrf_checks=True)
    client.cookies["visit"] = actions.begin_visit(inquiry, "code")
    token = csrf_token_in(client.get(STATUS).content.decode())
    posted = {"text": WORDS, "key": KEY, "csrfmiddlewaretoken": token}
    response = client.post(MESSAGE, posted, headers={"Origin": "null"})

    assert response.status_code == 403
    assert WORDS in response.content.decode()
    assert KEY in response.content.decode()


def test_a_message_after_the_end_of_the_visit_is_kept_until_the_code_is_entered(client, inquiry):
    response = sent(client)
    assert response.status_code == 403
    assert f'type="hidden" name="text" value="{WORDS}"' in response.content.decode()

    from_there = {"code": "wrong", "text": WORDS, "key": KEY}
    assert WORDS in client.post(STATUS, from_there).content.decode()
    html = client.post(STATUS, from_there | {"code": code_of(inquiry)}).content.decode()
    assert "Your message has not been sent yet" in html
    assert WORDS in html
    assert KEY in html
    assert not Message.objects.exists()
    assert sent(on_the_page_of(client, inquiry)).status_code == 302


def test_what_was_typed_when_the_visit_ended_is_not_sent(patient):
    response = patient.post(STATUS, {"text": WORDS, "key": KEY})

    assert WORDS in response.content.decode()
    assert "Your visit is over" in response.content.decode()
    assert not Message.objects.exists()
    assert WORDS not in page(patient)


def test_a_request_that_has_ended_accepts_no_message_and_shows_the_text_again(patient, inquiry):
    actions.change_status(inquiry, to="spam", by=a_coordinator())
    response = sent(patient)

    assert response.status_code == 409
    assert WORDS in response.content.decode()


def test_a_reply_counts_as_read_when_it_was_shown(patient, inquiry):
    reply = actions.reply(inquiry, text="Bread is rarely the cause.", key=uuid.UUID(KEY), by=a_clinician())
    assert "Bread is rarely the cause." in page(patient)

    reply.refresh_from_db()
    first = reply.read_at
    assert first is not None
    page(patient)
    reply.refresh_from_db()
    assert reply.read_at == first


def test_what_the_patient_wrote_is_not_marked_as_read_by_the_patient(patient):
    sent(patient)
    page(patient)

    assert Message.objects.get().read_at is None


def test_internal_notes_are_not_on_the_page(patient, inquiry):
    actions.add_note(inquiry, text="Ask about the whey.", by=a_clinician())

    assert "whey" not in page(patient)


def test_stopping_a_request_is_recorded_once(patient, inquiry):
    for _ in range(2):
        assert patient.post(WITHDRAW).status_code == 302
    inquiry.refresh_from_db()

    assert (inquiry.status, inquiry.closed_at is not None) == ("withdrawn", True)
    assert the_actions().count("withdrawn") == 1
    html = page(patient)
    assert "This request was stopped" in html
    assert "<textarea" not in html


def test_a_closed_request_cannot_be_stopped(patient, inquiry):
    actions.change_status(inquiry, to="spam", by=a_coordinator())

    assert patient.post(WITHDRAW).status_code == 409
    inquiry.refresh_from_db()
    assert inquiry.status == "spam"
    assert "withdrawn" not in the_actions()


def test_withdrawing_consent_stops_the_request(patient, inquiry):
    for _ in range(2):
        patient.post(CONSENT, {"purpose": STORE_HEALTH_DATA})
    inquiry.refresh_from_db()

    assert inquiry.status == "withdrawn"
    assert Consent.objects.get().withdrawn_at is not None
    event = AuditEvent.objects.get(action="consent_changed")
    assert (event.actor, event.detail) == ("patient", "store_health_data taken back, new → withdrawn")
    assert "took it back on" in page(patient)


@pytest.mark.parametrize("status", ["closed", "spam"])
def test_without_consent_nothing_reopens_the_request(patient, inquiry, status):
    over_since = timezone.now() - timedelta(days=9)
    Inquiry.objects.update(status=status, closed_at=over_since)
    patient.post(CONSENT, {"purpose": STORE_HEALTH_DATA})
    inquiry.refresh_from_db()

    assert (inquiry.status, inquiry.closed_at) == ("withdrawn", over_since)
    assert sent(patient).status_code == 409
    assert inquiry.next_steps == []


def test_an_unknown_consent_changes_nothing(patient, inquiry):
    for purpose in ("", "another", "x" * 5000):
        assert patient.post(CONSENT, {"purpose": purpose}).status_code == 302
    inquiry.refresh_from_db()

    assert inquiry.status == "new"


def test_erasing_takes_two_steps(patient):
    assert "for good" in patient.get(ERASE).content.decode()
    assert "Nothing was erased" in patient.post(ERASE).content.decode()
    assert Inquiry.objects.exists()

    response = patient.post(ERASE, {"understood": "yes"})
    assert response.headers["Location"] == "/consult/status/erased/"
    assert response.cookies["visit"]["max-age"] == 0
    assert "has been erased" in patient.get(response.headers["Location"]).content.decode()
    assert not Inquiry.objects.exists()
    assert list(broken_links()) == []


def test_without_the_tick_the_checkbox_has_an_error(patient):
    box = '<input type="checkbox" name="understood" value="yes" id="understood" class="form-check-input"'
    assert f"{box}>" in patient.get(ERASE).content.decode()
    html = patient.post(ERASE).content.decode()

    assert f'{box} aria-invalid="true" aria-describedby="understood_error">' in html
    assert re.search(r'id="understood_error" class="invalid-feedback">\s*<p>.*Tick the box', html)
    assert '<a href="#understood">Tick the box' in html


def test_the_erase_page_closes_when_its_visit_ends(client, inquiry):
    with time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False):
        html = in_a_visit(client, inquiry).get(ERASE).content.decode()

    assert 'data-seconds="1801"' in html
    assert '<noscript><meta http-equiv="refresh" content="1801; url=/consult/status/?for_request=' in html
    assert "Stay half an hour longer" in html
    # There is nothing to type here.
    assert "is lost" not in html


def test_erasing_in_another_window_is_not_an_error_here(client, inquiry):
    secret = actions.begin_visit(inquiry, "code")
    actions.erase(inquiry)
    client.cookies["visit"] = secret

    assert client.post(ERASE, {"understood": "yes"}).status_code == 403
    assert sent(client).status_code == 403


def test_erasing_between_look_up_and_action_is_not_an_error(patient, inquiry, monkeypatch):
    visit = actions.get_visit(patient.cookies["visit"].value)
    actions.erase(inquiry)
    monkeypatch.setattr("consultations.views.status_actions.visit_in", lambda request: visit)

    response = sent(patient)
    assert response.status_code == 403
    assert WORDS in response.content.decode()


def test_on_legal_hold_nothing_is_erased_and_the_page_says_how_to_complain(patient):
    Inquiry.objects.update(held_at=timezone.now())
    assert "data protection authority" in patient.get(ERASE).content.decode()
    response = patient.post(ERASE, {"understood": "yes"})

    assert response.status_code == 409
    assert "data protection authority" in response.content.decode()
    assert Inquiry.objects.exists()
    assert patient.post(WITHDRAW).status_code == 302


def test_an_action_that_cannot_be_recorded_is_not_taken(patient, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(AuditEvent, "save", broken)
    for address, data in ((WITHDRAW, {}), (CONSENT, {"purpose": STORE_HEALTH_DATA}), (ERASE, {"understood": "yes"})):
        with pytest.raises(RuntimeError):
            patient.post(address, data)

    assert Inquiry.objects.get().status == "new"
    assert Consent.objects.get().withdrawn_at is None


def test_each_action_costs_few_queries(patient, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        sent(patient)
    with django_assert_max_num_queries(20):
        patient.post(WITHDRAW)
    with django_assert_max_num_queries(40):
        patient.post(ERASE, {"understood": "yes"})
