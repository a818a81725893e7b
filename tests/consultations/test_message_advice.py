"""Red flags in a message: advice before it is sent, urgency after it, and marks for the staff."""

import html
import io
import json
import re
import zipfile
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from consultations import actions
from consultations.actions import submit_inquiry
from consultations.models import Inquiry, Message, MessageRedFlags, StatusPass
from consultations.red_flags import VERSION, find_red_flags_in
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import ANSWERS, a_clinician, a_coordinator, an_inquiry
from tests.consultations.form_pages import advice_read_on
from tests.consultations.visits import STATUS, code_of, in_a_visit, on_the_page_of
from tests.pages import Page
from tests.silent_database import silent_database

pytestmark = pytest.mark.django_db
KEY = "0f0f0f0f-0000-4000-8000-000000000001"
MESSAGE, STAY = f"{STATUS}message/", f"{STATUS}stay/"
DANGER = "Thank you.\nSince last night my tongue is swollen & it is <hard> to breathe."
WEIGHT = "I have lost a lot of weight without trying."
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def inquiry():
    with time_machine.travel(MONDAY, tick=False):
        return an_inquiry()


@pytest.fixture
def patient(client, inquiry):
    return in_a_visit(client, inquiry)


def send(client, text=DANGER, **more):
    return client.post(MESSAGE, {"text": text, "key": KEY} | more)


def send_after_advice(client, text=DANGER):
    advice = send(client, text)
    return send(client, text, advice_read=advice_read_on(advice))


def is_advice(response):
    return "Please read this before you send your message" in response.content.decode()


def hidden(response, name):
    """The value of a hidden field in the form for the message."""
    field = re.search(rf'<input[^>]*type="hidden"[^>]*name="{name}"[^>]*>', response.content.decode())[0]
    return html.unescape(re.search(r'value="([^"]*)"', field)[1])


def test_a_red_flag_shows_advice_first_and_nothing_is_sent(patient):
    response = send(patient)

    page = response.content.decode()
    assert is_advice(response)
    assert "Call 999, or your local emergency number, now if:" in page
    assert '<a dir="ltr" href="tel:999">999</a>' in page
    assert '<a dir="ltr" href="tel:116123">116 123</a>' in page
    assert re.search(r"<h1 tabindex=\"-1\" autofocus>", page)
    assert "no-store" in response.headers["Cache-Control"]
    assert not Message.objects.exists()
    assert Inquiry.objects.get().urgency == "routine"


def test_a_message_without_red_flags_is_sent_at_once(patient):
    assert send(patient, "No blood in my poo, and the itch is better.").status_code == 302
    assert not MessageRedFlags.objects.exists()
    assert Inquiry.objects.get().urgency == "routine"


def test_after_the_advice_the_message_is_sent_as_it_was_typed(patient):
    advice = send(patient)
    assert hidden(advice, "text") == DANGER

    response = send(patient, hidden(advice, "text"), advice_read=advice_read_on(advice))

    assert response.headers["Location"] == f"{STATUS}?done=message#sent"
    found = MessageRedFlags.objects.get()
    assert (found.message.text, found.rules, found.version) == (DANGER, "airway", VERSION)


def test_going_back_shows_the_message_in_the_form_and_the_same_signs_do_not_interrupt_again(patient):
    advice = send(patient)

    form = send(patient, DANGER, advice_read=advice_read_on(advice), change="yes")

    assert html.escape(DANGER) in form.content.decode()
    assert "error-summary" not in form.content.decode()
    assert not Message.objects.exists()
    changed = send(patient, f"{DANGER} Please call me.", advice_read=hidden(form, "advice_read"))
    assert changed.status_code == 302


@pytest.mark.parametrize("forged", ["", "yes", VERSION, "0" * 64, "é" * 64, "\0", "x" * 9000])
def test_a_forged_acknowledgement_shows_the_advice(patient, forged):
    assert is_advice(send(patient, advice_read=forged))
    assert not Message.objects.exists()


def test_another_sign_shows_its_own_advice(patient):
    read = advice_read_on(send(patient, WEIGHT))

    response = send(patient, f"{WEIGHT} {DANGER}", advice_read=read)

    assert is_advice(response)
    assert "tongue or throat swell" in response.content.decode()


def test_nothing_typed_is_lost_when_the_visit_ends_on_the_advice(patient, inquiry):
    advice = send(patient)
    read = advice_read_on(advice)
    other = on_the_page_of(Client(), inquiry)

    over = send(other, advice_read=read)
    assert over.status_code == 403
    # The values that the form for the code carries along.
    carried = {name: hidden(over, name) for name in ("text", "key", "advice_read")}
    entered = other.post(STATUS, carried | {"code": code_of(inquiry)})

    assert html.escape(DANGER) in entered.content.decode()
    assert send(other, DANGER, advice_read=hidden(entered, "advice_read")).status_code == 302


def test_staying_longer_on_the_advice_keeps_message_and_acknowledgement(patient):
    advice = send(patient)

    page = patient.post(STAY, {"text": DANGER, "key": KEY, "advice_read": advice_read_on(advice)})

    assert html.escape(DANGER) in page.content.decode()
    assert send(patient, advice_read=hidden(page, "advice_read")).status_code == 302


def test_after_a_database_failure_the_advice_is_not_shown_again(patient):
    patient.raise_request_exception = False
    read = advice_read_on(send(patient))

    with silent_database():
        response = send(patient, advice_read=read)

    assert response.status_code == 503
    assert html.escape(DANGER) in response.content.decode()
    assert hidden(response, "advice_read") == read
    assert send(patient, advice_read=read).status_code == 302


def test_sent_twice_it_is_stored_and_marked_once(patient):
    for _ in range(2):
        send_after_advice(patient)

    assert Message.objects.count() == MessageRedFlags.objects.count() == 1
    assert AuditEvent.objects.filter(action="urgency_changed").count() == 1


@time_machine.travel(datetime(2026, 11, 25, 10, tzinfo=UTC), tick=False)
def test_it_makes_the_request_urgent_and_the_reply_due_one_working_day_later(client, inquiry):
    assert send_after_advice(in_a_visit(client, inquiry)).status_code == 302

    inquiry.refresh_from_db()
    assert (inquiry.urgency, inquiry.due_at.date().isoformat()) == ("urgent", "2026-11-26")
    assert inquiry.received_at == inquiry.waiting_since == MONDAY
    events = AuditEvent.objects.filter(action__in=["patient_wrote", "urgency_changed"]).order_by("sequence")
    assert list(events.values_list("action", "actor", "detail")) == [
        ("patient_wrote", "patient", "red flags: 1"),
        ("urgency_changed", "patient", "routine → urgent"),
    ]


@time_machine.travel(datetime(2026, 11, 25, 10, tzinfo=UTC), tick=False)
def test_it_never_lowers_the_urgency_and_never_gives_the_clinic_more_time(client, inquiry):
    actions.set_urgency(inquiry, to="urgent", by=a_coordinator())
    due = inquiry.due_at

    send_after_advice(in_a_visit(client, inquiry), WEIGHT)

    inquiry.refresh_from_db()
    assert (inquiry.urgency, inquiry.due_at) == ("urgent", due)
    assert MessageRedFlags.objects.get().rules == "weight-loss"


@time_machine.travel(datetime(2026, 12, 1, 10, tzinfo=UTC), tick=False)
def test_it_reopens_a_closed_request_as_an_urgent_one(client, inquiry):
    carla = a_coordinator()
    for step in ("in_triage", "answered"):
        actions.change_status(inquiry, to=step, note="On the phone.", by=carla)
    actions.change_status(inquiry, to="closed", outcome="advice_given", by=carla)

    send_after_advice(in_a_visit(client, inquiry))

    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.urgency) == ("in_triage", "urgent")
    assert inquiry.due_at.date().isoformat() == "2026-12-02"


def test_the_notice_says_urgent_and_nothing_of_the_message(patient, mailoutbox):
    send_after_advice(patient)
    call_command("send_mail_queue")

    (notice,) = [mail for mail in mailoutbox if "the patient wrote" in mail.subject]
    assert notice.subject.startswith("Urgent: ")
    assert "tongue" not in f"{notice.subject}{notice.body}{notice.alternatives}"


def test_nothing_is_stored_when_a_part_fails(patient, monkeypatch):
    read = advice_read_on(send(patient))

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(MessageRedFlags, "save", broken)
    with pytest.raises(RuntimeError):
        send(patient, advice_read=read)

    assert not Message.objects.exists()
    assert Inquiry.objects.get().urgency == "routine"


def test_the_patients_download_contains_the_signs(patient):
    send_after_advice(patient)

    answer = patient.post(f"{STATUS}download/")

    data = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("my-request.json"))
    assert data["messages"][0]["warning_signs"] == {"rules": "airway", "version_of_the_rules": VERSION}


def received(inquiry, text):
    return actions.receive_message(inquiry, text=text, key=inquiry.public_id, signs=find_red_flags_in(text))


def test_staff_who_read_the_story_see_the_signs_and_where_they_are(client, inquiry):
    received(inquiry, DANGER)
    client.force_login(a_clinician())

    page = Page(client.get(f"/admin/consultations/inquiry/{inquiry.pk}/change/").content.decode())

    assert "Anaphylaxis: swelling of face" in page.text
    assert page.all("a", href="#conversation")
    assert page.all("span", **{"class": "chip chip--urgent"})


def test_staff_who_may_not_read_the_story_see_the_urgency_and_no_sign(client, inquiry):
    received(inquiry, DANGER)
    client.force_login(a_coordinator())

    page = client.get(f"/admin/consultations/inquiry/{inquiry.pk}/change/").content.decode()

    assert "Anaphylaxis" not in page
    assert "urgent" in page.lower()


def test_signs_that_cannot_be_decrypted_hide_nothing_else(client, inquiry):
    message = received(inquiry, DANGER)
    other = MessageRedFlags.objects.create(message=_another(inquiry), rules="eye", version=VERSION)
    rules = MessageRedFlags.objects.filter(message=message)
    rules.update(public_id="0f0f0f0f-0000-4000-8000-00000000000f")
    client.force_login(a_clinician())

    page = client.get(f"/admin/consultations/inquiry/{inquiry.pk}/change/").content.decode()

    assert "The warning signs cannot be decrypted." in page
    assert "it is &lt;hard&gt; to breathe" in page
    assert other.pk


def _another(inquiry):
    return Message.objects.create(
        inquiry=inquiry, idempotency_key=KEY, is_from_patient=True, text="My eye hurts and I see less."
    )


def test_words_of_danger_that_could_not_be_sent_come_after_the_advice(patient):
    patient.raise_request_exception = False
    with silent_database():
        page = send(patient).content.decode()

    assert page.index("care-card--emergency") < page.index("Your message has not been sent yet</h1>")
    assert page.count(" autofocus") == 1


NOTHING_TO_DO, WARNING = "You do not need to do anything", "we may not read it in time"


def status_on(client):
    """The panel with the status; the link in it leads to the emergency line of the page."""
    page = client.get(STATUS).content.decode()
    panel = re.search(r'aria-labelledby="request-status">(.*?)</section>', page, re.DOTALL)[1]
    if WARNING in panel:
        assert '<a href="#emergency-line">' in panel
        assert page.count('id="emergency-line"') == 1
    return panel


@pytest.mark.parametrize("is_new", [True, False])
def test_the_status_page_does_not_say_that_there_is_nothing_to_do(patient, inquiry, is_new):
    if not is_new:
        actions.change_status(inquiry, to="in_triage", by=a_coordinator())
        assert NOTHING_TO_DO in status_on(patient)
    send_after_advice(patient, WEIGHT)
    # Another message takes nothing back.
    send(patient, "My phone is on.")

    status = status_on(patient)

    assert WARNING in status
    assert "follow the advice that you were shown" in status
    assert NOTHING_TO_DO not in status


def test_after_our_reply_the_status_page_warns_no_longer(patient, inquiry):
    send_after_advice(patient)
    inquiry.refresh_from_db()
    actions.reply(inquiry, text="Please ring us.", key=inquiry.public_id, by=a_clinician())
    assert WARNING not in status_on(patient)
    send(patient, "It is gone, thank you.")

    assert NOTHING_TO_DO in status_on(patient)


@pytest.mark.parametrize(("words", "warns"), [(DANGER, True), (WEIGHT, False)])
def test_a_request_sent_with_signs_that_mean_now_warns_until_it_is_answered(client, words, warns):
    inquiry = submit_inquiry(
        key=KEY, condition=None, answers=ANSWERS, address="192.0.2.1", signs=find_red_flags_in(words)
    )
    carla, patient = a_coordinator(), in_a_visit(client, inquiry)
    assert (WARNING in status_on(patient)) == warns
    actions.change_status(inquiry, to="in_triage", by=carla)
    assert (WARNING in status_on(patient), NOTHING_TO_DO in status_on(patient)) == (warns, not warns)

    for step in ("answered", "in_triage"):
        actions.change_status(inquiry, to=step, note="On the phone.", by=carla)
    assert WARNING not in status_on(patient)


def test_a_link_from_a_mailbox_tells_no_one_of_the_signs(client, inquiry):
    actions.change_status(inquiry, to="in_triage", by=a_coordinator())
    received(inquiry, DANGER)
    client.cookies["visit"] = actions.begin_visit(inquiry, StatusPass.OpenedWith.LINK)

    status = status_on(client)

    assert "We are looking at it." in status
    assert WARNING not in status
    assert NOTHING_TO_DO not in status
