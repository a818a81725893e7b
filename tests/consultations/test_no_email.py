"""Patients who want no e-mail, and what is safe on the phone: for those whose mailbox or phone is not theirs alone."""

import io
import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry
from consultations.retention import purge
from gutskin.audit.models import AuditEvent
from gutskin.mail.kinds import mail_kind
from gutskin.mail.models import Notification
from gutskin.mail.outbox import queue_mail
from tests.consultations.factories import (
    a_clinician,
    a_coordinator,
    a_superuser,
    an_inquiry,
    posted,
)
from tests.consultations.form_pages import csrf_token_in
from tests.consultations.staff_pages import html_of, page_of
from tests.consultations.test_lost_code import AMINA, ASK
from tests.consultations.visits import STATUS, code_of, in_a_visit, page

pytestmark = pytest.mark.django_db
FORM, CONTACT = "/consult/", f"{STATUS}contact/"
NO_EMAIL = {"email": "", "no_email": "on"}
GIVEN = {"phone": "", "age_group": "18-39", "preferred_contact": "email"}
TO_PATIENTS = ["receipt", "reply_notice", "status_link", "merged_notice", "address_changed"]


def without_email(**answers):
    return an_inquiry(email="", **answers)


def mails_to_the_patient():
    return [mail.kind for mail in Notification.objects.all() if mail.is_to_the_patient]


def reply(inquiry, by, text="Bread is rarely the cause.", **more):
    return actions.reply(Inquiry.objects.get(pk=inquiry.pk), text=text, key=uuid.uuid4(), by=by, **more)


def test_a_whole_life_without_a_mail_to_the_patient(client, mailoutbox, settings):
    settings.RETENTION_DAYS = 30
    david, carla = a_clinician(), a_coordinator()
    staff = Client()
    staff.force_login(david)
    told = []

    def nothing_is_written_to_her():
        assert mails_to_the_patient() == []
        call_command("send_mail_queue")
        told.extend(address for mail in mailoutbox for address in mail.to)
        mailoutbox.clear()

    # Sent, and sent again by a second click.
    for _ in range(2):
        assert client.post(FORM, posted(**NO_EMAIL)).status_code == 302
    inquiry = Inquiry.objects.get()
    nothing_is_written_to_her()
    # A reply, a photo request, and her answer.
    assert (
        staff.post(page_of(inquiry, "reply"), {"text": "Thank you.", "key": uuid.uuid4(), "step": "send"}).status_code
        == 302
    )
    reply(inquiry, david, "Please add a photo.", asks=True)
    nothing_is_written_to_her()
    in_a_visit(client, inquiry)
    assert (
        client.post(f"{STATUS}message/", {"text": "I will look for one.", "key": str(uuid.uuid4())}).status_code == 302
    )
    # A lost code, asked for with the address that she once had and with none.
    for address in (AMINA, ""):
        client.post(ASK, {"email": address, "reference": inquiry.reference})
    nothing_is_written_to_her()
    # Merged with another request of hers.
    again = without_email(address="192.0.2.7")
    actions.merge(
        again, into=Inquiry.objects.get(pk=inquiry.pk), by=carla, confirmed_as_one_person=True, how_known="They rang."
    )
    reply(inquiry, david, "This answers both.")
    # Corrected by her and by a coordinator, but not the address.
    assert client.post(CONTACT, GIVEN | NO_EMAIL | {"phone": "020 7946 0018"}).status_code == 302
    staff.force_login(carla)
    correction = GIVEN | NO_EMAIL | {"age_group": "", "phone": "020 7946 0019", "reason": "She rang."}
    assert staff.post(page_of(inquiry, "contact"), correction).status_code == 302
    nothing_is_written_to_her()
    # Held, released, closed, reopened by a message, stopped.
    fresh = Inquiry.objects.get(pk=inquiry.pk)
    actions.hold(fresh, reason="A complaint.", by=carla)
    actions.release(fresh, reason="It is settled.", by=carla)
    actions.change_status(fresh, to="closed", outcome="advice_given", by=carla)
    actions.receive_message(fresh, text="One more question.", key=uuid.uuid4())
    actions.withdraw(fresh)
    nothing_is_written_to_her()
    # Erased: one by the patient, one by the purge.
    actions.erase(fresh)
    nothing_is_written_to_her()
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert purge().references == [again.reference]
    nothing_is_written_to_her()

    assert set(told) == {settings.INTAKE_EMAIL}


@pytest.mark.parametrize("kind", TO_PATIENTS)
def test_no_kind_of_mail_can_be_queued_to_such_a_patient(kind):
    inquiry = without_email()

    assert queue_mail(kind, about=inquiry, to="amina@example.org", language="en") is None
    assert mails_to_the_patient() == []


@pytest.mark.parametrize("kind", TO_PATIENTS)
def test_what_was_queued_before_is_not_sent(kind, mailoutbox):
    inquiry = an_inquiry()
    Notification.objects.all().delete()
    queue_mail(kind, about=inquiry, to=AMINA, language="en")
    # By hand, as if this row had been written by a transaction that had read the request before.
    Inquiry.objects.filter(pk=inquiry.pk).update(email_index="")

    call_command("send_mail_queue")

    assert mailoutbox == []
    assert not Notification.objects.exists()


def test_the_rule_covers_every_kind_of_mail_to_patients():
    from consultations.mails import LABELS

    assert {name for name in LABELS if mail_kind(name).is_to_the_patient} == set(TO_PATIENTS)


def test_an_address_that_was_typed_all_the_same_is_not_stored(client):
    assert client.post(FORM, posted(no_email="on", email="she@gamil.con")).status_code == 302

    inquiry = Inquiry.objects.get()
    assert (inquiry.email, inquiry.email_index, inquiry.takes_mail, inquiry.is_sealed) == ("", "", False, True)


@pytest.mark.parametrize("email", ["", "\u200b", " "])
def test_without_the_box_an_address_is_needed(client, email):
    response = client.post(FORM, posted(email=email)).content.decode()

    assert "or tick “Send me no e-mail”" in response
    assert '<a href="#id_email">' in response
    assert not Inquiry.objects.exists()


def test_a_tick_stays_when_the_form_comes_back_and_over_the_advice(client):
    page_again = client.post(FORM, posted(**NO_EMAIL, question="")).content.decode()
    assert re.search(r'name="no_email"[^>]* checked', page_again)

    advice = client.post(FORM, posted(**NO_EMAIL, question="There is blood in my poo.")).content.decode()
    assert re.search(r'type="hidden" name="no_email" value="(on|True)"', advice)


def test_the_receipt_says_that_the_code_is_the_only_way_back(client):
    received = client.get(client.post(FORM, posted(**NO_EMAIL)).headers["Location"]).content.decode()

    assert "This code is the only way back" in received
    assert code_of(Inquiry.objects.get()) in received
    assert "We send you no e-mail" in received
    for untrue in ("send you a link</a>", "A receipt is on its way", "sent you by e-mail"):
        assert untrue not in received
    file = client.get(re.search(r'href="(/consult/received/code/[^"]+)"', received)[1].replace("&amp;", "&"))
    assert "This code is the only way back" in file.content.decode()

    other = Client()
    usual = other.get(other.post(FORM, posted(key=str(uuid.uuid4()))).headers["Location"]).content.decode()
    assert "only way back" not in usual
    assert "A receipt is on its way" in usual


@pytest.mark.parametrize("phone", ["", "020 7946 0000"])
def test_once_the_code_is_hidden_no_link_is_promised(client, settings, phone):
    settings.CLINIC_PHONE = phone
    received = client.post(FORM, posted(**NO_EMAIL)).headers["Location"]
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        shown = client.get(received).content.decode()

    assert "not shown any more" in shown
    assert "link instead" not in shown
    assert ("call us with your reference: 020 7946 0000" if phone else "send us a new request") in shown


def test_the_page_for_lost_codes_says_the_same_for_everyone(client):
    inquiry = without_email()
    answers = {
        client.post(ASK, {"email": email, "reference": reference}).content.decode()
        for email, reference in ((AMINA, ""), (AMINA, inquiry.reference), ("no-one@example.org", ""))
    }

    assert len(answers) == 1
    assert "If you asked us to send no e-mail" in answers.pop()


def test_staff_see_it_at_the_address_and_when_they_reply(client):
    inquiry = without_email(phone="020 7946 0018", may_phone="no-message")
    client.force_login(a_clinician())

    html = html_of(client, inquiry)
    assert "Send no e-mail. The patient comes back with the code" in html
    assert "leave no message" in html
    # At the address, at the number, and at the reply.
    assert html.count("Take care") == 3
    assert "No e-mail goes out: they look at the status page themselves." in html
    assert "gets a mail" not in html

    sent = client.post(page_of(inquiry, "reply"), {"text": "Yes.", "key": uuid.uuid4(), "step": "send"}, follow=True)
    assert "your reply is sent. No e-mail goes out: they look at the status page" in sent.content.decode()


def test_the_message_after_a_reply_is_true_for_the_others(client):
    client.force_login(a_clinician())
    usual, refused = an_inquiry(), an_inquiry()
    actions.refuse_address(refused)
    for inquiry, words in ((usual, "The patient gets a mail"), (refused, "because the address is someone else")):
        assert words in html_of(client, inquiry)
        sent = client.post(
            page_of(inquiry, "reply"), {"text": "Yes.", "key": uuid.uuid4(), "step": "send"}, follow=True
        )
        assert words in sent.content.decode()


def test_a_superuser_does_not_see_how_a_patient_may_be_reached(client):
    inquiry = without_email(phone="020 7946 0018", may_phone="no")
    client.force_login(a_superuser())

    html = html_of(client, inquiry)
    for hidden in ("Send no e-mail", "Do not phone", "No e-mail goes out"):
        assert hidden not in html


def test_e_mails_are_stopped_by_code_and_the_mailbox_is_not_told(client, mailoutbox):
    inquiry = an_inquiry()
    call_command("send_mail_queue")
    reply(inquiry, a_clinician())
    by_link = actions.begin_visit(inquiry, "link")
    mailoutbox.clear()
    in_a_visit(client, inquiry)
    assert "tick “Send me no e-mail” and save" in client.get(CONTACT).content.decode()

    # The address is still in its field: the box decides.
    assert client.post(CONTACT, GIVEN | {"email": AMINA, "no_email": "on"}).status_code == 302

    inquiry = Inquiry.objects.get()
    assert (inquiry.email, inquiry.email_index, inquiry.is_sealed) == ("", "", True)
    # Nor is the address left in the rows of mails that were sent.
    assert mails_to_the_patient() == []
    call_command("send_mail_queue")
    assert [mail for mail in mailoutbox if AMINA in mail.to] == []
    assert actions.get_visit(by_link) is None
    assert "We send you no e-mail, as you asked" in page(client)
    event = AuditEvent.objects.get(action="contact_corrected")
    assert (event.actor, event.detail) == ("patient", "email")


def test_an_address_is_given_later_and_only_that_one_is_written_to(client, mailoutbox):
    inquiry = without_email()
    in_a_visit(client, inquiry)
    form = client.get(CONTACT).content.decode()
    assert re.search(r'name="no_email"[^>]* checked', form)
    assert "we tell the old one" not in form

    # The tick is easily forgotten.
    forgotten = client.post(CONTACT, GIVEN | {"email": "new@example.net", "no_email": "on"}).content.decode()
    assert "untick the box" in forgotten
    assert client.post(CONTACT, GIVEN | {"email": "new@example.net"}).status_code == 302
    call_command("send_mail_queue")
    reply(inquiry, a_clinician())
    call_command("send_mail_queue")

    subjects = [mail.subject.rpartition(" ")[0] for mail in mailoutbox if mail.to == ["new@example.net"]]
    assert subjects == ["We have your request", "A reply to your request"]
    assert {mail.to[0] for mail in mailoutbox} == {"new@example.net", "intake@gutskin.example"}


def test_a_reply_that_was_being_sent_while_e_mails_were_stopped_is_not_announced():
    inquiry, david = an_inquiry(), a_clinician()
    read_before = Inquiry.objects.get()
    actions.correct_contact(inquiry, email="")

    actions.reply(read_before, text="Yes.", key=uuid.uuid4(), by=david)

    assert mails_to_the_patient() == []


def test_a_coordinator_stops_them_for_a_patient_who_rang(client, mailoutbox):
    inquiry = an_inquiry()
    call_command("send_mail_queue")
    mailoutbox.clear()
    client.force_login(a_coordinator())
    form = client.get(page_of(inquiry, "contact")).content.decode()
    assert "The patient wants no e-mail" in form

    correction = GIVEN | {"age_group": "", "email": AMINA, "no_email": "on", "may_phone": "no", "reason": "She rang."}
    assert client.post(page_of(inquiry, "contact"), correction).status_code == 302

    inquiry = Inquiry.objects.get()
    assert (inquiry.email, inquiry.may_phone) == ("", "no")
    call_command("send_mail_queue")
    assert mailoutbox == []


def test_two_requests_without_an_address_are_not_taken_for_one_persons(david):
    first, again = without_email(), without_email(address="192.0.2.7")
    assert not Inquiry.objects.of_the_same_person(first).exists()

    with pytest.raises(actions.CannotBeMerged, match="does not come from the same e-mail address"):
        actions.merge(again, into=first, by=david)


def test_a_request_without_e_mail_is_not_answered_under_one_with(david):
    carla = a_coordinator()
    safe, announced = without_email(), an_inquiry()

    with pytest.raises(actions.CannotBeMerged, match="wants no e-mail"):
        actions.merge(safe, into=announced, by=carla, confirmed_as_one_person=True, how_known="They rang.")

    actions.merge(announced, into=safe, by=carla, confirmed_as_one_person=True, how_known="They rang.")
    # Nor does the other mailbox learn that there is such a request.
    assert not Notification.objects.filter(kind="merged_notice").exists()
    Notification.objects.all().delete()
    reply(safe, david)
    assert mails_to_the_patient() == []


def test_renewing_the_index_leaves_such_a_request_without_one(settings):
    inquiry = without_email()
    settings.DIGEST_KEY = "another one, because the first had leaked"
    call_command("renew_email_indexes", stdout=io.StringIO())

    inquiry.refresh_from_db()
    assert (inquiry.email_index, inquiry.is_sealed) == ("", True)


def test_every_subject_to_a_patient_is_neutral(mailoutbox):
    inquiry = an_inquiry()
    merged = an_inquiry(email="amina@elsewhere.example", address="192.0.2.7")
    actions.merge(merged, into=inquiry, by=a_coordinator(), confirmed_as_one_person=True, how_known="They rang.")
    for kind in TO_PATIENTS:
        queue_mail(kind, about=inquiry, to=AMINA, language="en")
    call_command("send_mail_queue")

    subjects = {mail.subject for mail in mailoutbox if mail.to == [AMINA]}
    assert len(subjects) == len(TO_PATIENTS)
    for subject in subjects:
        assert not re.search(r"skin|gut|clinic|consult|health|doctor|patient|symptom|treatment", subject, re.I), subject


def test_without_cookies_or_scripts_the_form_is_kept_with_its_tick():
    strict = Client(enforce_csrf_checks=True)
    stale = strict.post(FORM, posted(**NO_EMAIL, may_phone="no")).content.decode()

    assert re.search(r'name="no_email"[^>]* checked', stale)
    assert re.search(r'name="may_phone" value="no"[^>]* checked', stale)
    strict.get(FORM)
    token = csrf_token_in(strict.get(FORM).content.decode())
    assert strict.post(FORM, posted(**NO_EMAIL, csrfmiddlewaretoken=token)).status_code == 302


def test_staff_are_told_that_no_one_hears_of_a_merge_of_two_without_e_mail(client, carla):
    first, again = without_email(), without_email(address="192.0.2.7")
    form = {"into": first.reference, "seen": "0", "confirmed": "on", "how_known": "They rang."}
    page = client.post(page_of(again, "merge"), form, follow=True).content.decode()

    assert f"No e-mail is sent about {again.reference}, {first.reference}: phone the patient, if they allow it." in page
