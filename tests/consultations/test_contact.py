"""Whose mailbox it is, and corrections of how a patient is reached."""

import re
import uuid
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry
from consultations.views.shown_request import signed_reference
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.consultations.factories import a_clinician, a_coordinator, a_superuser, an_inquiry
from tests.consultations.staff_pages import html_of
from tests.consultations.test_lost_code import AMINA, ASK
from tests.consultations.visits import STATUS, code_of, in_a_visit, on_the_page_of, page

pytestmark = pytest.mark.django_db
ADDRESS, CONTACT = "/consult/address/", f"{STATUS}contact/"
NEW = "amina@example.net"
GIVEN = {"email": AMINA, "phone": "", "age_group": "18-39"}


def sent(mailoutbox):
    """What the mail worker sends now, as pairs of address and subject."""
    mailoutbox.clear()
    call_command("send_mail_queue")
    return [(mail.to[0], mail.subject) for mail in mailoutbox]


def link_in(mailoutbox):
    body = next(mail.body for mail in mailoutbox if "We have your request" in mail.subject)
    path, key = re.search(r"https://gutskin\.example(/consult/address/\?key=(\S+))", body).groups()
    return path, unquote(key)


@pytest.fixture
def receipt(mailoutbox):
    """A request, and the path and token of the link in its receipt."""
    inquiry = an_inquiry()
    sent(mailoutbox)
    return inquiry, *link_in(mailoutbox)


def test_opening_the_link_asks_and_changes_nothing(client, receipt):
    inquiry, path, _token = receipt
    for method in ("get", "head", "get"):
        response = getattr(client, method)(path)
        assert response.status_code == 200

    text = response.content.decode()
    assert inquiry.reference in text
    for hidden in ("Amina", AMINA, "scaly"):
        assert hidden not in text
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert not AuditEvent.objects.filter(action__startswith="address").exists()


@pytest.mark.parametrize("times", [1, 2])
def test_an_address_is_confirmed_once(client, receipt, times):
    inquiry, _path, token = receipt
    for _ in range(times):
        response = client.post(ADDRESS, {"key": token, "answer": "mine"})
        assert "Thank you" in response.content.decode()

    inquiry.refresh_from_db()
    assert inquiry.email_confirmed_at
    event = AuditEvent.objects.get(action="address_confirmed")
    assert (event.actor, event.reference) == ("mailbox", inquiry.reference)


def test_an_address_of_somebody_else_gets_no_more_mail(client, receipt, mailoutbox):
    inquiry, _path, token = receipt
    client.post(ASK, {"email": AMINA})
    call_command("send_mail_queue")
    visit = actions.begin_visit(inquiry, "answer")
    assert inquiry.status_passes.valid().count() == 2
    actions.reply(inquiry, text="Please phone us.", key=uuid.uuid4(), by=a_clinician())

    assert "We will not write" in client.post(ADDRESS, {"key": token, "answer": "not-mine"}).content.decode()

    assert actions.get_visit(visit) is None
    assert not inquiry.status_passes.valid().exists()
    client.post(ASK, {"email": AMINA})
    actions.reply(inquiry, text="Are you there?", key=uuid.uuid4(), by=a_clinician("maria"))
    assert AMINA not in dict(sent(mailoutbox))
    assert not Notification.objects.undelivered().exists()


def test_staff_and_the_patient_see_that_the_address_is_wrong(client, receipt):
    inquiry, _path, token = receipt
    carla = Client()
    carla.force_login(a_coordinator())
    shown = "whoever reads that mailbox said that the request is not theirs"
    assert shown not in html_of(carla, inquiry)
    assert "Please correct it" not in page(in_a_visit(client, inquiry))

    Client().post(ADDRESS, {"key": token, "answer": "not-mine"})

    assert shown in html_of(carla, inquiry)
    assert "Please correct it" in page(client)


def test_whoever_pressed_the_wrong_button_can_press_the_other(client, receipt):
    inquiry, _path, token = receipt
    for answer in ("not-mine", "mine", "not-mine", "mine"):
        client.post(ADDRESS, {"key": token, "answer": answer})

    inquiry.refresh_from_db()
    assert inquiry.email_confirmed_at
    assert inquiry.email_refused_at is None


@pytest.mark.parametrize("key", ["", "x", "é", "a" * 5000, "W10:1abc:def", "\x01"])
def test_a_forged_link_changes_nothing(client, receipt, key):
    for response in (client.get(ADDRESS, {"key": key}), client.post(ADDRESS, {"key": key, "answer": "not-mine"})):
        assert "This link no longer works" in response.content.decode()
    assert not AuditEvent.objects.filter(action__startswith="address").exists()


def test_a_link_ends_with_its_time_with_the_address_and_with_the_request(client, receipt):
    inquiry, path, token = receipt
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
        assert "no longer works" in client.get(path).content.decode()
    actions.correct_contact(inquiry, **GIVEN | {"email": NEW})
    assert "no longer works" in client.post(ADDRESS, {"key": token, "answer": "not-mine"}).content.decode()
    assert Inquiry.objects.get().email_refused_at is None
    Inquiry.objects.all().delete()
    assert "no longer works" in client.get(path).content.decode()


def test_without_an_answer_nothing_changes(client, receipt):
    _inquiry, _path, token = receipt
    for answer in ("", "erase"):
        assert "Is this your request?" in client.post(ADDRESS, {"key": token, "answer": answer}).content.decode()
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post(ADDRESS, {"key": token, "answer": "not-mine"})
    assert (refused.status_code, "Is this your request?" in refused.content.decode()) == (403, True)
    assert not AuditEvent.objects.filter(action__startswith="address").exists()


def test_a_patient_corrects_an_address_and_both_mailboxes_are_told(client, receipt, mailoutbox):
    inquiry, _path, _token = receipt
    in_a_visit(client, inquiry)
    by_link = actions.begin_visit(inquiry, "link")

    response = client.post(f"{STATUS}contact/", GIVEN | {"email": NEW, "phone": "020 7946 0018"})

    assert response.headers["Location"].startswith(f"{STATUS}?done=contact")
    assert "Your corrections are with us" in client.get(response.headers["Location"]).content.decode()
    inquiry = Inquiry.objects.get()
    assert (inquiry.email, inquiry.phone) == (NEW, "020 7946 0018")
    assert actions.get_visit(by_link) is None
    mails = dict(sent(mailoutbox))
    assert set(mails) == {AMINA, NEW}
    assert "was changed" in mails[AMINA]
    assert "We have your request" in mails[NEW]
    assert not any(NEW in mail.body for mail in mailoutbox)
    event = AuditEvent.objects.get(action="contact_corrected")
    assert (event.actor, event.detail) == ("patient", "email → phone")
    # Found by the new address, and no longer by the old one.
    for address, links in ((AMINA, 0), (NEW, 1)):
        client.post(ASK, {"email": address})
        assert len(sent(mailoutbox)) == links


def test_an_address_that_was_somebody_elses_is_not_told_of_the_correction(receipt, mailoutbox):
    inquiry, _path, _token = receipt
    actions.refuse_address(inquiry)

    actions.correct_contact(Inquiry.objects.get(), **GIVEN | {"email": NEW})

    assert [address for address, _subject in sent(mailoutbox)] == [NEW]
    assert Inquiry.objects.get().email_refused_at is None


def test_saving_what_was_given_changes_nothing(client, receipt, mailoutbox):
    inquiry, _path, _token = receipt
    in_a_visit(client, inquiry)

    assert client.post(f"{STATUS}contact/", GIVEN).status_code == 302

    assert sent(mailoutbox) == []
    assert not AuditEvent.objects.filter(action="contact_corrected").exists()


@pytest.mark.parametrize(
    "changes", [{"email": ""}, {"email": "amina"}, {"phone": "x" * 51}, {"age_group": "7"}, {"age_group": ""}]
)
def test_what_cannot_be_stored_is_told_and_kept(client, receipt, changes):
    inquiry, _path, _token = receipt
    in_a_visit(client, inquiry)

    response = client.post(f"{STATUS}contact/", GIVEN | {"phone": "020 7946 0018"} | changes)

    assert response.status_code == 200
    assert "Nothing was changed yet" in response.content.decode()
    assert 'id="contact_phone' in response.content.decode()
    assert Inquiry.objects.get().phone == ""


def test_whoever_wanted_to_be_phoned_keeps_a_number(client):
    inquiry = an_inquiry(phone="020 7946 0018", preferred_contact="phone")
    in_a_visit(client, inquiry)

    assert "You asked us to phone you" in client.post(f"{STATUS}contact/", GIVEN).content.decode()


@pytest.mark.parametrize("opened_with", ["link", "answer"])
def test_only_the_code_corrects(client, opened_with):
    inquiry = an_inquiry()
    client.cookies["visit"] = actions.begin_visit(inquiry, opened_with)
    on_the_page_of(client, inquiry)

    for response in (client.get(f"{STATUS}contact/"), client.post(f"{STATUS}contact/", GIVEN | {"email": NEW})):
        assert response.status_code == 403
    assert Inquiry.objects.get().email == AMINA
    client.post(STATUS, {"code": code_of(inquiry)})
    assert AMINA in client.get(f"{STATUS}contact/").content.decode()


def correction(inquiry):
    return f"/admin/consultations/inquiry/{inquiry.pk}/contact/"


REASON = {"reason": "She rang, and knew the date of her last flare."}


def test_a_coordinator_corrects_for_a_patient_who_rang(client, receipt, mailoutbox):
    inquiry, _path, _token = receipt
    client.force_login(a_coordinator())
    assert correction(inquiry) in html_of(client, inquiry)
    form = client.get(correction(inquiry)).content.decode()
    assert AMINA in form
    assert " selected" not in form.replace('value="" selected', "")

    response = client.post(correction(inquiry), {"email": NEW, "phone": "", "age_group": ""} | REASON)

    assert response.status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.email, inquiry.age_group) == (NEW, "18-39")
    assert set(dict(sent(mailoutbox))) == {AMINA, NEW}
    assert inquiry.notes.get().text == REASON["reason"]
    event = AuditEvent.objects.get(action="contact_corrected")
    assert (event.actor, event.detail) == ("carla", "email")


def test_a_correction_needs_a_reason_and_what_was_typed_stays(client, receipt):
    inquiry, _path, _token = receipt
    client.force_login(a_coordinator())

    response = client.post(correction(inquiry), {"email": NEW, "phone": "1", "reason": " "})

    assert "Nothing was changed yet" in response.content.decode()
    assert NEW in response.content.decode()
    assert Inquiry.objects.get().email == AMINA


def test_a_superuser_corrects_only_with_a_reason_to_read(client, receipt):
    inquiry, _path, _token = receipt
    client.force_login(a_superuser())

    for response in (client.get(correction(inquiry)), client.post(correction(inquiry), GIVEN | REASON)):
        assert response.status_code == 403
    assert correction(inquiry) not in html_of(client, inquiry)


def test_a_colleague_who_corrects_does_not_come_in_by_a_link(client, mailoutbox):
    """A coordinator, who may not read the story, gives an own address and phone number, and asks for a link."""
    inquiry = an_inquiry(phone="020 7946 0018")
    contact = {"email": "carla@clinic.example", "phone": "020 7946 9999", "age_group": "65+"}
    actions.correct_contact_for_patient(inquiry, by=a_coordinator(), **contact, **REASON)
    inquiry = Inquiry.objects.get()

    assert actions.question_after_link(inquiry) == ""
    assert actions.answer_after_link(inquiry, phone="9999", age_group="65+") is None

    actions.correct_contact(inquiry, **contact | {"phone": "020 7946 0018"})
    assert actions.question_after_link(Inquiry.objects.get()) == "phone"


def test_what_another_tab_corrected_is_not_undone(client):
    """Two tabs of the patient: one stops e-mails and changes the number, the other knows nothing of it."""
    inquiry = an_inquiry(phone="020 7946 0018")
    in_a_visit(client, inquiry)
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(f"{STATUS}contact/").content.decode())[1]
    form = {"for_request": signed_reference(inquiry), "phone": "020 7946 0018", "age_group": "40-64", "seen": seen}
    client.post(f"{STATUS}contact/", form | {"no_email": "on", "phone": "020 7946 0777"})
    response = client.post(f"{STATUS}contact/", form | {"email": inquiry.email, "age_group": "18-39"})

    html = response.content.decode()
    assert "no e-mail; phone: 020 7946 0777" in html
    inquiry = Inquiry.objects.get()
    assert (inquiry.takes_mail, inquiry.phone, inquiry.age_group) == (False, "020 7946 0777", "40-64")
    # What was typed is there, and now it is known what it replaces.
    assert f'value="{form["phone"]}"' in html
    again = re.search(r'name="seen" value="([^"]+)"', html)[1]
    assert client.post(f"{STATUS}contact/", form | {"seen": again, "no_email": "on"}).status_code == 302
    assert Inquiry.objects.get().phone == "020 7946 0018"
