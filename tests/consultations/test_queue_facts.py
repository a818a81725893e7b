"""What the queue and the messages after a step say about a request is what is true of it."""

import re
import uuid
from datetime import UTC, datetime

import pytest

from consultations import actions
from consultations.models import Inquiry, Message
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.consultations.factories import a_clinician, a_coordinator, an_inquiry
from tests.consultations.staff_pages import QUEUE, html_of, page_of, value_of
from tests.consultations.test_queue import counts, rows
from tests.consultations.test_staff_replies import TEXT, send

pytestmark = pytest.mark.django_db


def write(inquiry, text="It itches."):
    return actions.receive_message(inquiry, text=text, key=uuid.uuid4())


def message_after(client, inquiry, step, **form):
    """What the page says after a step."""
    response = client.post(page_of(inquiry, step), form, follow=True)
    return re.search(r'<li class="(?:success|warning)">(.*?)</li>', response.content.decode(), re.DOTALL)[1].strip()


def test_whoever_answers_an_unassigned_request_gets_it(client, david):
    david.email = "david@clinic.example"
    david.save()
    inquiry = an_inquiry()

    send(client, inquiry)

    assert "The request is assigned to you now." in html_of(client, inquiry)
    assert Inquiry.objects.get().assignee == david
    events = AuditEvent.objects.filter(actor="david").exclude(action__in=["viewed", "story_read"])
    assert [event.action for event in events.order_by("sequence")] == ["assigned", "replied"]
    write(inquiry)
    assert Notification.objects.get(kind="patient_notice").recipient == "david@clinic.example"


def test_a_request_of_a_colleague_stays_theirs_unless_they_have_left(client, david):
    inquiry, maria = an_inquiry(), a_clinician("maria")
    actions.assign(inquiry, to=maria, by=david)
    send(client, inquiry)
    assert "assigned to you" not in html_of(client, inquiry)
    assert Inquiry.objects.get().assignee == maria

    maria.is_active = False
    maria.save()
    send(client, inquiry, text="One more word.", seen=str(Message.objects.last().pk))
    assert Inquiry.objects.get().assignee == david


@pytest.mark.parametrize("is_clinician", [False, True])
def test_who_marks_it_as_answered_gets_it_if_they_answer_requests(is_clinician):
    inquiry, user = an_inquiry(), a_clinician() if is_clinician else a_coordinator()
    actions.change_status(inquiry, to="in_triage", by=user)
    assert Inquiry.objects.get().assignee is None
    actions.change_status(inquiry, to="answered", note="On the phone.", by=user)

    assert (Inquiry.objects.get().assignee == user) == is_clinician
    assert AuditEvent.objects.filter(action="assigned").count() == is_clinician


def marked(client, **query):
    return "New message" in client.get(QUEUE, query).content.decode()


def test_a_message_is_marked_until_it_is_answered(client, david):
    inquiry = an_inquiry()
    write(inquiry)
    html_of(client, inquiry)
    assert Message.objects.get().read_at
    assert marked(client)

    actions.reply(inquiry, text="Bread is rarely the cause.", key=uuid.uuid4(), by=david)
    assert not marked(client, tab="answered")
    write(inquiry, "Thank you. And butter?")
    assert marked(client)


@pytest.mark.parametrize(
    "steps", [("in_triage", "answered"), ("in_triage", "waiting_for_patient"), ("in_triage", "closed"), ("withdrawn",)]
)
def test_a_message_is_not_marked_once_it_is_dealt_with(client, david, steps):
    inquiry = an_inquiry()
    write(inquiry)
    for step in steps:
        assert marked(client)
        actions.change_status(
            inquiry, to=step, note="On the phone.", outcome="not_for_us" * (step == "closed"), by=david
        )

    for tab in ("open", "answered", "over"):
        assert not marked(client, tab=tab)


def test_a_request_in_triage_again_without_a_message_is_not_marked(client, david):
    inquiry = an_inquiry()
    actions.reply(inquiry, text="Bread is rarely the cause.", key=uuid.uuid4(), by=david)
    actions.change_status(inquiry, to="in_triage", by=david)

    assert not marked(client)


def test_the_new_due_date_is_said(client, david, time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False)
    inquiry = an_inquiry()

    said = message_after(client, inquiry, "urgency", to="urgent")
    assert said.endswith("the urgency is changed. The reply is due on 24 Nov 2026.")
    assert "24 Nov 2026" in html_of(client, inquiry)
    assert "nothing changed" in message_after(client, inquiry, "urgency", to="urgent")
    assert message_after(client, inquiry, "status", to="in_triage").endswith("the status is changed.")
    said = message_after(client, inquiry, "status", to="answered", note="On the phone.")
    assert said.endswith("the status is changed. It is assigned to david now.")
    assert message_after(client, inquiry, "urgency", to="soon").endswith("the urgency is changed.")
    time_machine.move_to(datetime(2026, 11, 24, 10, tzinfo=UTC), tick=False)
    said = message_after(client, inquiry, "status", to="in_triage")
    assert said.endswith("the status is changed. The reply is due on 27 Nov 2026.")


def test_merging_says_when_the_reply_is_due(client, david, time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False)
    first, again = an_inquiry(), an_inquiry()
    actions.set_urgency(again, to="urgent", by=david)

    said = message_after(client, again, "merge", into=first.reference, seen="0")
    assert said.endswith("The reply is due on 24 Nov 2026.")


def test_an_answered_request_has_a_tab_of_its_own(client, david):
    answered, waiting, new = an_inquiry(), an_inquiry(), an_inquiry()
    actions.reply(answered, text=TEXT, key=uuid.uuid4(), by=david)
    actions.reply(waiting, text=TEXT, key=uuid.uuid4(), by=david, asks=True)

    assert rows(client, tab="answered") == [answered.reference]
    assert set(rows(client, tab="open")) == {waiting.reference, new.reference}
    assert (counts(client)["open"], counts(client)["answered"]) == (2, 1)
    actions.change_status(answered, to="closed", outcome="advice_given", by=david)
    assert counts(client)["answered"] == 0


@pytest.mark.parametrize(
    ("step", "form", "error"),
    [
        ("note", {"text": ""}, "Write the note first."),
        ("reply", {"text": "", "step": "send"}, "Write the reply first."),
        ("merge", {"into": ""}, "Type the reference of the other request"),
        ("assign", {}, "Choose a colleague first"),
    ],
)
def test_an_error_is_said_once_and_led_to(client, david, step, form, error):
    html = client.post(page_of(an_inquiry(), step), form).content.decode()

    assert html.count(error) == 1
    summary = re.search(r'<div class="errornote".*?</div>', html, re.DOTALL)[0]
    assert f'id="{re.search(chr(35) + "([^" + chr(34) + "]+)", summary)[1]}"' in html


def test_the_second_of_two_tabs_is_told_and_keeps_its_words(client, david):
    inquiry = an_inquiry()
    seen = value_of(html_of(client, inquiry), "seen")
    assert send(client, inquiry, seen=seen).status_code == 302

    other = "0f0f0f0f-0000-4000-8000-000000000002"
    for key in (other, None):
        response = send(client, inquiry, seen=seen, text="From the second tab.", **({"key": key} if key else {}))
        html = response.content.decode()
        assert response.status_code == 409
        assert "You replied a moment ago, perhaps in another tab" in html
        assert "From the second tab." in html
        assert TEXT in html
    assert [message.text for message in Message.objects.all()] == [TEXT]
    # Having looked, they may send it all the same.
    assert send(client, inquiry, seen=value_of(html, "seen"), text="From the second tab.").status_code == 302
    # The same words again are a second click.
    assert send(client, inquiry, seen=seen).status_code == 302
    assert Message.objects.count() == 2


def test_the_other_tab_is_told_before_it_is_sent(client, david):
    inquiry = an_inquiry()
    send(client, inquiry)

    assert (
        "came after you opened this page" in client.post(page_of(inquiry, "presence"), {"seen": "0"}).content.decode()
    )


def test_who_else_has_the_request_open_is_said_in_plain_words(client, david):
    inquiry, maria = an_inquiry(), a_clinician("maria")
    client.force_login(maria)
    html_of(client, inquiry)
    client.force_login(david)
    html = html_of(client, inquiry)

    assert "Also here" not in html
    assert "In use" in html
