import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry, Message
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.consultations.factories import a_clinician, a_coordinator, an_inquiry

pytestmark = pytest.mark.django_db
KEY = uuid.UUID("0f0f0f0f-0000-4000-8000-000000000001")


def test_a_reply_stops_the_clock_and_mails_the_patient_without_content():
    inquiry, david = an_inquiry(), a_clinician()
    actions.reply(inquiry, text="Bread is rarely the cause.", key=KEY, by=david)

    inquiry = Inquiry.objects.get()
    assert (inquiry.status, inquiry.answered_at is not None) == ("answered", True)
    mail = Notification.objects.get(kind="reply_notice")
    assert mail.recipient == inquiry.email
    event = AuditEvent.objects.first()
    assert (event.action, event.actor, event.detail) == ("replied", "david", "new → answered")


def test_a_question_waits_for_the_patient_and_the_answer_reopens_the_request():
    inquiry, david = an_inquiry(), a_clinician()
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False):
        actions.reply(inquiry, text="Since when exactly?", key=KEY, by=david, asks=True)
    assert Inquiry.objects.get().status == "waiting_for_patient"

    with time_machine.travel(datetime(2026, 11, 30, 10, tzinfo=UTC), tick=False):
        actions.receive_message(inquiry, text="Since March.", key=KEY)
    inquiry = Inquiry.objects.get()
    assert (inquiry.status, str(inquiry.due_at.date())) == ("in_triage", "2026-12-14")
    assert Notification.objects.filter(kind="patient_notice").count() == 1


def test_the_intake_team_is_told_if_the_assignee_has_left(settings):
    settings.INTAKE_EMAIL = "intake@clinic.example"
    inquiry, david = an_inquiry(), a_clinician()
    actions.assign(inquiry, to=david, by=david)
    david.email, david.is_active = "david@clinic.example", False
    david.save()

    actions.receive_message(Inquiry.objects.get(), text="Since March.", key=KEY)

    assert Notification.objects.get(kind="patient_notice").recipient == "intake@clinic.example"


def test_the_same_text_twice_is_one_message_and_another_text_is_another():
    inquiry, david = an_inquiry(), a_clinician()
    for text in ("Hello.", "Hello.", "Hello again."):
        actions.reply(inquiry, text=text, key=KEY, by=david)
    other = an_inquiry()
    actions.receive_message(other, text="Hello.", key=KEY)

    assert [message.text for message in inquiry.messages.all()] == ["Hello.", "Hello again."]
    assert [message.text for message in other.messages.all()] == ["Hello."]
    assert Notification.objects.filter(kind="reply_notice").count() == 2


@pytest.mark.parametrize("status", ["withdrawn", "spam"])
def test_a_request_that_is_over_takes_no_message(status):
    inquiry = an_inquiry()
    actions.change_status(inquiry, to=status, note="By phone." * (status == "withdrawn"), by=a_coordinator())

    with pytest.raises(actions.StepNotAllowed):
        actions.receive_message(inquiry, text="Hello?", key=KEY)
    with pytest.raises(actions.StepNotAllowed):
        actions.reply(inquiry, text="Hello.", key=KEY, by=a_clinician())
    assert not Message.objects.exists()


def test_the_same_words_sent_again_after_going_back_are_one_message():
    inquiry = an_inquiry()
    first = actions.receive_message(inquiry, text="It itches at night.", key=uuid.uuid4())
    again = actions.receive_message(inquiry, text="It itches at night.", key=uuid.uuid4())
    assert again == first

    actions.receive_message(inquiry, text="Now by day too.", key=uuid.uuid4())
    actions.receive_message(inquiry, text="It itches at night.", key=uuid.uuid4())
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        actions.receive_message(inquiry, text="It itches at night.", key=uuid.uuid4())
    # Other words in between, or a while, make it news.
    assert inquiry.messages.count() == 4
