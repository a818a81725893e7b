"""After “This is not me”: no more mail, and everyone who has to know does."""

import uuid

import pytest
from django.core.management import call_command
from django.test import Client

from consultations import actions
from consultations.models import Inquiry
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.consultations.factories import a_clinician, a_coordinator, an_inquiry, some_inquiries
from tests.consultations.staff_pages import QUEUE, page_of
from tests.consultations.test_contact import ADDRESS, CONTACT, GIVEN, NEW, correction, link_in, sent
from tests.consultations.test_lost_code import AMINA, ASK
from tests.consultations.visits import in_a_visit, page

pytestmark = pytest.mark.django_db
WRONG = "Wrong e-mail address"


@pytest.fixture
def refused(mailoutbox):
    """A request whose mailbox has answered “this is not me”."""
    inquiry = an_inquiry()
    sent(mailoutbox)
    _path, token = link_in(mailoutbox)
    Client().post(ADDRESS, {"key": token, "answer": "not-mine"})
    inquiry.token = token
    return inquiry


def mail_to_patient(inquiry):
    return [mail.kind for mail in inquiry.notifications.undelivered() if mail.is_to_the_patient]


def test_no_mail_is_queued_for_a_refused_address(client, refused):
    actions.reply(refused, text="Please ring us.", key=uuid.uuid4(), by=a_clinician())
    client.post(ASK, {"email": AMINA})
    actions.answer_link_requests()

    assert mail_to_patient(refused) == []


def test_an_address_that_was_refused_while_the_reply_was_written_gets_no_mail():
    stale = an_inquiry()
    actions.refuse_address(Inquiry.objects.get())

    actions.reply(stale, text="Please ring us.", key=uuid.uuid4(), by=a_clinician())

    assert mail_to_patient(stale) == []


def test_an_address_that_was_corrected_while_the_reply_was_written_is_not_mailed():
    stale = an_inquiry()
    actions.correct_contact(Inquiry.objects.get(), **GIVEN | {"email": NEW})

    actions.reply(stale, text="Please ring us.", key=uuid.uuid4(), by=a_clinician())

    assert Notification.objects.get(kind="reply_notice").recipient == NEW


@pytest.mark.parametrize("is_assigned", [False, True])
def test_staff_are_told_by_mail(mailoutbox, settings, is_assigned):
    inquiry = an_inquiry()
    if is_assigned:
        david = a_clinician()
        david.email = "david@clinic.example"
        david.save()
        actions.assign(inquiry, to=david, by=a_coordinator())
    sent(mailoutbox)

    actions.refuse_address(Inquiry.objects.only("reference", "email_index").get())

    told, subject = sent(mailoutbox)[0]
    assert told == ("david@clinic.example" if is_assigned else settings.INTAKE_EMAIL)
    assert inquiry.reference in subject
    whole = mailoutbox[0].body + mailoutbox[0].alternatives[0].content
    assert page_of(inquiry) in whole
    assert AMINA not in whole
    assert "Amina" not in whole


def test_staff_are_not_told_of_what_was_taken_back_at_once(refused, mailoutbox):
    Client().post(ADDRESS, {"key": refused.token, "answer": "mine"})

    assert sent(mailoutbox) == []


def test_who_pressed_the_wrong_button_hears_of_the_reply_after_all(refused):
    actions.reply(refused, text="Please ring us.", key=uuid.uuid4(), by=a_clinician())
    assert mail_to_patient(refused) == []
    for _ in range(2):
        Client().post(ADDRESS, {"key": refused.token, "answer": "mine"})

    assert mail_to_patient(refused) == ["reply_notice"]


def test_the_queue_and_the_search_show_a_wrong_address(client, carla):
    inquiry, _other = some_inquiries(2)
    assert WRONG not in client.get(QUEUE).content.decode()
    actions.refuse_address(inquiry)

    assert client.get(QUEUE).content.decode().count(WRONG) == 1
    assert WRONG in client.post(f"{QUEUE}search/", {"term": "amina0@example.org"}).content.decode()


@pytest.mark.parametrize("is_read", [False, True])
def test_a_new_address_hears_of_a_reply_that_was_not_read(refused, mailoutbox, is_read):
    message = actions.reply(refused, text="Please ring us.", key=uuid.uuid4(), by=a_clinician())
    if is_read:
        actions.mark_read([message])
    sent(mailoutbox)

    actions.correct_contact(refused, **GIVEN | {"email": NEW})

    subjects = [subject for address, subject in sent(mailoutbox) if address == NEW]
    assert [subject.split(" ")[0] for subject in subjects] == ["We"] + ["A"] * (not is_read)


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_receipt_promises_an_answer_only_if_one_is_owed(mailoutbox, is_answered):
    inquiry = an_inquiry()
    if is_answered:
        actions.reply(inquiry, text="Use a cream.", key=uuid.uuid4(), by=a_clinician())
    actions.correct_contact(inquiry, **GIVEN | {"email": NEW})
    mailoutbox.clear()
    call_command("send_mail_queue")

    receipt = next(mail for mail in mailoutbox if mail.to == [NEW] and "We have your request" in mail.subject)
    for text in (receipt.body, receipt.alternatives[0].content):
        assert ("you will have an answer by" in text) == (not is_answered)


@pytest.mark.parametrize("opened_with", ["code", "answer"])
def test_the_patient_is_warned_first_and_led_to_the_correction(client, refused, opened_with):
    client.cookies["visit"] = actions.begin_visit(refused, opened_with)
    html = page(client)

    assert html.index("it is not you") < html.index('id="conversation"')
    assert (f'href="{CONTACT}' in html[: html.index('id="conversation"')]) == (opened_with == "code")


def test_no_page_promises_mail_to_a_refused_address(client, refused):
    told = "tell the old one"
    assert told not in in_a_visit(client, refused).get(CONTACT).content.decode()
    carla = Client()
    carla.force_login(a_coordinator())
    assert "the old one is told" not in carla.get(correction(refused)).content.decode()

    actions.confirm_address(refused)
    assert told in client.get(CONTACT).content.decode()
    assert "the old one is told" in carla.get(correction(refused)).content.decode()


def test_every_action_reads_again_under_the_lock_what_the_mailbox_said():
    stale = an_inquiry()
    actions.refuse_address(Inquiry.objects.get())

    actions.change_status(stale, to="in_triage", by=a_coordinator())

    assert stale.email_refused_at
    assert AuditEvent.objects.filter(action="address_refused").count() == 1
