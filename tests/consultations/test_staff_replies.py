"""Replying to the patient from a request's page."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import OperationalError
from django.utils import timezone

from consultations import actions
from consultations.models import CannedReply, Inquiry, Message
from consultations.status.access_history import access_history_of
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from gutskin.mail.outbox import deliver
from tests.consultations.factories import ANSWERS, a_clinician, a_coordinator, a_superuser, an_inquiry
from tests.consultations.staff_pages import CONTACT, STORY, html_of, page_of, value_of, with_a_reason

pytestmark = pytest.mark.django_db
KEY = "0f0f0f0f-0000-4000-8000-000000000001"
TEXT = "Bread is rarely the cause."


def send(client, inquiry, **form):
    form = {"key": KEY, "seen": "0", "text": TEXT, "step": "send"} | form
    return client.post(page_of(inquiry, "reply"), form)


def test_a_reply_is_stored_once_and_the_mail_says_only_that_there_is_one(client, david):
    inquiry = an_inquiry()
    for _click in range(2):
        response = send(client, inquiry)
        assert response.headers["Location"] == page_of(inquiry) + "#conversation"

    assert [message.text for message in inquiry.messages.all()] == [TEXT]
    assert Inquiry.objects.get().status == "answered"
    deliver(Notification.objects.get(kind="reply_notice"))
    notice = mail.outbox[0]
    assert "https://gutskin.example/consult/status/" in notice.body
    whole = notice.body + notice.subject + notice.alternatives[0].content
    assert inquiry.reference in whole
    assert not [text for text in [TEXT, ANSWERS["name"], *STORY] if text in whole]


def test_a_reply_with_a_question_waits_for_the_patient(client, david):
    inquiry = an_inquiry()
    send(client, inquiry, asks="on")

    assert Inquiry.objects.get().status == "waiting_for_patient"


def test_the_success_message_holds_no_content(client, david):
    inquiry = an_inquiry()
    actions.receive_message(inquiry, text="It itches.", key=uuid.uuid4())
    deliver(Notification.objects.get(kind="patient_notice"))

    whole = mail.outbox[0].body + mail.outbox[0].subject + mail.outbox[0].alternatives[0].content
    assert inquiry.reference in whole
    assert not [text for text in ["It itches.", *CONTACT, *STORY] if text in whole]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write the reply first."),
        ("   ", "Write the reply first."),
        ("long " * 2_001, "Please shorten this"),
        ("Dear {name}, hello.", "Replace {name} before you send the reply."),
        ("Hello\0 there", "invisible character"),
        ("Hello\ufffd there", "could not be read"),
    ],
)
def test_a_text_that_cannot_be_sent_stays_in_the_form(client, david, text, said):
    inquiry = an_inquiry()
    response = send(client, inquiry, text=text)

    assert response.status_code == 200
    assert said in response.content.decode()
    assert text.replace("\0", "").replace("\ufffd", "").strip()[:30] in response.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize("key", ["", "not-a-key", "0" * 50])
def test_a_form_without_a_key_comes_back_with_a_new_one(client, david, key):
    inquiry = an_inquiry()
    response = send(client, inquiry, key=key)

    assert response.status_code == 302
    assert Message.objects.count() == 1


def test_a_reply_is_refused_if_the_patient_has_just_written(client, david, time_machine):
    inquiry = an_inquiry()
    seen = value_of(html_of(client, inquiry), "seen")
    actions.receive_message(inquiry, text="It has gone!", key=uuid.uuid4())
    time_machine.move_to(timezone.now() + timedelta(minutes=2))

    response = send(client, inquiry, seen=seen)
    html = response.content.decode()

    assert response.status_code == 409
    assert "The patient wrote 2\xa0minutes ago, after you opened this page." in html
    assert TEXT in html
    assert "It has gone!" in html
    assert not Message.objects.filter(is_from_patient=False).exists()
    assert send(client, inquiry, seen=value_of(html, "seen")).status_code == 302
    assert Message.objects.filter(is_from_patient=False).count() == 1


def test_a_reply_is_refused_if_a_colleague_has_just_replied(client, david):
    inquiry, maria = an_inquiry(), a_clinician("maria")
    maria.first_name = "Maria"
    maria.save()
    send(client, inquiry)
    seen = value_of(html_of(client, inquiry), "seen")
    assert send(client, inquiry, text="And a word more.", seen=seen).status_code == 302

    actions.reply(inquiry, text="I have answered.", key=uuid.uuid4(), by=maria)
    response = send(client, inquiry, text="A third.")

    assert "Maria replied a moment ago" in response.content.decode()
    assert Message.objects.count() == 3


def test_a_reply_is_refused_if_a_colleague_has_just_written_a_note(client, david):
    inquiry, maria = an_inquiry(), a_clinician("maria")
    actions.add_note(inquiry, text="My own note.", by=david)
    seen = value_of(html_of(client, inquiry), "seen_note")
    actions.add_note(inquiry, text="I have phoned her.", by=maria)

    response = send(client, inquiry, seen_note=seen)

    html = response.content.decode()
    assert response.status_code == 409
    assert "maria wrote a note a moment ago, after you opened this page. Read it, then send again." in html
    assert "I have phoned her." in html
    assert TEXT in html
    # What I note myself, in another tab, holds nothing back.
    actions.add_note(inquiry, text="So I heard.", by=david)
    assert send(client, inquiry, seen_note=value_of(html, "seen_note")).status_code == 302


def test_closing_and_merging_are_refused_after_a_note_that_the_page_did_not_show(client, david):
    inquiry, other = an_inquiry(), an_inquiry()
    actions.change_status(inquiry, to="in_triage", by=david)
    actions.add_note(inquiry, text="Do not close it yet.", by=a_clinician("maria"))

    for step, form in (("status", {"to": "closed", "outcome": "no_reply"}), ("merge", {"into": other.reference})):
        response = client.post(page_of(inquiry, step), form | {"seen": "0", "seen_note": "0"})
        assert response.status_code == 409
        assert "maria wrote a note a moment ago" in response.content.decode()
    assert Inquiry.objects.get(pk=inquiry.pk).status == "in_triage"


def test_who_cannot_read_the_notes_is_not_held_back_by_one(client, carla):
    inquiry = an_inquiry()
    html = html_of(client, inquiry)
    assert "seen_note" not in html
    assert "data-newest-note" not in html
    actions.add_note(inquiry, text="I have phoned her.", by=a_clinician())

    response = client.post(page_of(inquiry, "status"), {"to": "in_triage", "seen": value_of(html, "seen")})
    assert response.status_code == 302


def test_an_open_page_tells_of_a_colleagues_note(client, david):
    inquiry = an_inquiry()
    asked = {"seen": "0", "seen_note": "0"}
    actions.add_note(inquiry, text="My own.", by=david)
    assert "New note" not in client.post(page_of(inquiry, "presence"), asked).content.decode()
    actions.add_note(inquiry, text="I have phoned her.", by=a_clinician("maria"))

    said = client.post(page_of(inquiry, "presence"), asked).content.decode()
    assert "A colleague wrote a note after you opened this page." in said
    assert "phoned" not in said
    for unseen in ({"seen": "0"}, {"seen": "0", "seen_note": ""}, {"seen_note": "x"}, {"seen_note": "9" * 40}):
        assert "New note" not in client.post(page_of(inquiry, "presence"), unseen).content.decode()


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 40])
def test_a_forged_number_sends_nothing_and_loses_nothing(client, david, seen):
    response = send(client, an_inquiry(), seen=seen)

    assert response.status_code == 200
    assert TEXT in response.content.decode()
    assert not Message.objects.exists()


def test_a_closed_request_refuses_a_reply_and_keeps_the_text(client, david):
    inquiry = an_inquiry()
    actions.change_status(inquiry, to="spam", by=david)

    response = send(client, inquiry)

    assert response.status_code == 409
    assert TEXT in response.content.decode()
    assert "cannot become" in response.content.decode()


@pytest.mark.parametrize("person", [a_coordinator, a_superuser])
@pytest.mark.parametrize("step", ["send", "preview", "fill"])
def test_a_reason_to_read_the_story_is_none_to_write_to_the_patient(client, person, step):
    """The patient would take it for the word of a clinician."""
    inquiry = an_inquiry()
    client.force_login(with_a_reason(inquiry, person()))
    html = html_of(client, inquiry)
    assert STORY[0] in html
    assert "data-reply" not in html

    response = send(client, inquiry, step=step)

    assert response.status_code == 403
    assert TEXT in response.content.decode()
    assert "Only a clinician who answers this request" in response.content.decode()
    assert not Message.objects.exists()


def test_a_reply_to_a_request_that_was_handed_over_meanwhile_comes_back(client):
    inquiry, lena = an_inquiry(), a_clinician("lena", team=None)
    lena.groups.add(Group.objects.get(name="Intake coordinator"))
    actions.assign(inquiry, to=lena, by=a_coordinator())
    client.force_login(lena)
    assert "data-reply" in html_of(client, with_reason_of(inquiry, lena))
    actions.assign(inquiry, to=None, by=lena)

    assert TEXT in send(client, inquiry).content.decode()
    assert not Message.objects.exists()
    actions.assign(inquiry, to=lena, by=lena)
    assert send(client, inquiry).status_code == 302


def with_reason_of(inquiry, user):
    with_a_reason(inquiry, user)
    return inquiry


def test_the_preview_shows_it_as_the_patient_reads_it_and_sends_nothing(client, david):
    inquiry = an_inquiry()
    html = send(client, inquiry, text="Line one\nLine <b>two</b>", step="preview").content.decode()

    assert "As the patient will read it" in html
    assert "Line one<br>Line &lt;b&gt;two&lt;/b&gt;" in html
    assert value_of(html, "key") == KEY
    assert not Message.objects.exists()
    assert not AuditEvent.objects.filter(action="replied").exists()


def test_a_canned_reply_is_appended_to_the_text(client, david):
    inquiry = an_inquiry()
    canned = CannedReply.objects.create(title="Thanks", text="Dear {name}, about {reference}: {phone}")

    html = send(client, inquiry, step="fill", canned=canned.pk, asks="on").content.decode()

    assert f"{TEXT}\n\nDear Amina Okafor, about {inquiry.reference}: {{phone}}" in html
    assert "checked" in html[html.index("data-reply") :]
    assert value_of(html, "key") == KEY


def fill_by_script(client, inquiry):
    canned = CannedReply.objects.create(title="Thanks", text="Dear {name}, thank you.")
    form = {"step": "fill", "canned": canned.pk, "text": ""}
    return client.post(page_of(inquiry, "reply"), form, headers={"Accept": "application/json"})


def test_a_script_gets_the_text_alone_and_the_view_is_recorded(client, david):
    inquiry = an_inquiry()

    response = fill_by_script(client, inquiry)

    assert response.json() == {"text": "Dear Amina Okafor, thank you."}
    trace = AuditEvent.objects.filter(reference=inquiry.reference, actor="david")
    assert [event.action for event in trace] == ["viewed"]


def test_the_patient_sees_one_opening_when_a_canned_reply_is_inserted(client, david):
    inquiry = an_inquiry()
    html_of(client, inquiry)
    before = access_history_of(inquiry)
    fill_by_script(client, inquiry)

    assert [(each.who, each.done) for each in access_history_of(inquiry)] == [(each.who, each.done) for each in before]
    assert "opened the request and read the story" in html_of(client, inquiry)


def test_the_name_is_not_sent_if_the_view_cannot_be_recorded(client, david, monkeypatch):
    client.raise_request_exception = False
    inquiry = an_inquiry()

    def gone(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(AuditEvent, "save", gone)
    assert "Amina" not in fill_by_script(client, inquiry).content.decode()


@pytest.mark.parametrize("canned", ["", "4711", "x", "9" * 40, "-1"])
def test_an_unknown_canned_reply_changes_nothing(client, david, canned):
    html = send(client, an_inquiry(), step="fill", canned=canned).content.decode()

    assert TEXT in html
    assert "Choose a canned reply first." in html


def test_canned_replies_are_active_and_those_in_the_patients_language_first(client, david):
    inquiry = an_inquiry()
    CannedReply.objects.create(title="Aaa gracias", text="Gracias.", language="es")
    CannedReply.objects.create(title="Zzz thanks", text="Thanks.")
    CannedReply.objects.create(title="Old", text="Old.", is_active=False)

    html = html_of(client, inquiry)

    assert html.index("Zzz thanks") < html.index("Aaa gracias (es)")
    assert ">Old<" not in html
