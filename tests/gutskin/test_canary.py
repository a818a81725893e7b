"""What people type stays where it belongs: in encrypted columns, and on the screens of those who may read it.

A canary is typed into every field of the form, the status page, the desk and the login, errors included. None may be in
a log, a mail, the audit log, a session or a plain column of the database.
"""

import json
import logging
import smtplib
import sys

import pytest
from django import forms
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError
from django.forms.forms import BaseForm
from django.test import Client
from django.urls import get_resolver

from consultations import actions
from consultations.models import Inquiry, LinkRequest, StoryAccess
from gutskin.accounts.invitations import MAIL, invite
from gutskin.accounts.models import Invitation, LoginCount
from gutskin.audit.models import AuditEvent
from gutskin.edit_conflicts import VersionField
from gutskin.json_logs import JsonFormatter
from gutskin.mail.models import Notification
from tests.accounts.staff import LOGIN, PASSWORD, SECOND_STEP, a_member_of_staff, the_code, type_password
from tests.consultations.factories import a_clinician, a_coordinator, a_privacy_lead, a_superuser, posted
from tests.consultations.form_pages import advice_read_on
from tests.consultations.photo_files import a_file
from tests.consultations.staff_pages import QUEUE, page_of
from tests.consultations.upload_zoo import a_jpeg, a_picture, exif, saved
from tests.consultations.visits import STATUS, in_a_visit, on_the_page_of
from tests.gutskin.canaries import MARK, Canaries, found_in, found_in_database, found_in_mail

pytestmark = pytest.mark.django_db
FORM, CODE, AUDIT_LOG = "/consult/", "/consult/code/", "/admin/audit/auditevent/"
EMAIL = f"{MARK}.inquiryform.email@example.org"
# Words about accounts and teams, which are no secret among staff.
PLAIN_ON_PURPOSE = {"FactorResetForm.reason", "PasskeyForm.name", "PasskeyNameForm.name", "TeamForm.name"}
ACCOUNT = ("username", "first_name", "last_name", "email", "password")
PLAIN_ON_PURPOSE |= {
    f"{form}.{name}" for form in ("StaffAddForm", "StaffChangeForm") for name in (*ACCOUNT, "password")
}
STORY = ["relationship", "name", "phone", "skin_problem", "gut_details", "tried", "question"]


@pytest.fixture
def word():
    return Canaries()


@pytest.fixture
def told(caplog, mailoutbox, capfd):
    """Where canaries are now that should not be: place -> canaries. As an operator sees it with LOG_LEVEL=DEBUG."""
    caplog.set_level(logging.DEBUG)

    def look():
        lines = [JsonFormatter().format(record) for record in caplog.records]
        mails = [canary for mail in mailoutbox for canary in found_in_mail(mail.message())]
        found = found_in_database() | {"logs": found_in("\n".join(lines)), "mails": mails}
        found["terminal"] = found_in("".join(capfd.readouterr()))
        return {place: canaries for place, canaries in found.items() if canaries}

    return look


def a_browser(number, user=None, **options):
    client = Client(REMOTE_ADDR=f"198.51.100.{number}", raise_request_exception=False, **options)
    if user:
        client.force_login(user)
    return client


def a_photo(word, name="elbow.jpg"):
    """As a phone sends it: with words in its file, and in its name."""
    told = exif()
    told[0x010E] = told[0x013B] = word("photo.description")
    return a_file(f"{word.joined('photo.name')}.{name}", a_jpeg(exif=told, comment=word("photo.comment").encode()))


def the_form(word, **changes):
    answers = {name: word(f"InquiryForm.{name}") for name in STORY} | {"email": EMAIL, "for_whom": "somebody-else"}
    word.typed.add("InquiryForm.email")
    answers["question"] += "\nMy tongue is swollen."
    # Too short for more than the mark.
    answers["pin"] = MARK
    word.typed.add("InquiryForm.pin")
    return posted(**answers | changes)


def ask(word, patient):
    """A request, after the advice about its warning sign."""
    form = the_form(word)
    advice = patient.post(FORM, form)
    sent = patient.post(FORM, form | {"advice_read": advice_read_on(advice)})
    assert sent.status_code == 302
    patient.get(sent.url)
    patient.get(f"{sent.url}code/")
    return Inquiry.objects.get()


def hesitate(word, patient):
    """What may come before a request: mistakes, the honeypot, photos and other files, an old page."""
    form = the_form(word)
    hidden = {name: word.joined(f"InquiryForm.{name}") for name in ("key", "topic", "topic_asked", "advice_read")}
    hidden["topic_words"] = word("InquiryForm.topic_words")
    for changes in (hidden, {"homepage": word("InquiryForm.homepage")}, {"email": word("InquiryForm.email")}):
        assert patient.post(FORM, form | changes | {"photos": [a_photo(word)]}).status_code == 200
    refused = [a_photo(word, "letter.pdf"), a_file(f"{MARK}.pdf", b"%PDF-1.7 zqcanary"), a_file("p.png", a_png(word))]
    patient.post(FORM, form | {"photos": refused})
    assert a_browser(9, enforce_csrf_checks=True).post(FORM, form).status_code == 403


def a_png(word):
    return saved(a_picture(), "PNG", comment=word("photo.comment"))


def come_back(word, patient, inquiry):
    """The status page, and the link for a lost code."""
    patient.post(STATUS, {"code": word("CodeForm.code"), "text": word("MessageForm.text")})
    in_a_visit(patient, inquiry)
    message = {name: word(f"MessageForm.{name}") for name in ("text", "key", "advice_read")}
    danger = message | {"text": f"{message['text']} My tongue is swollen."}
    advice = patient.post(f"{STATUS}message/", danger)
    assert patient.post(f"{STATUS}message/", danger | {"advice_read": advice_read_on(advice)}).status_code == 302
    assert patient.post(f"{STATUS}message/", message).status_code == 302
    for text in (message["text"] * 2000, message["text"] + "\0"):
        assert patient.post(f"{STATUS}message/", {"text": text}).status_code == 200
    assert a_browser(8).post(f"{STATUS}message/", message).status_code == 403
    patient.post(f"{STATUS}consent/", {"purpose": word("status.purpose")})
    patient.post(f"{STATUS}photos/", {"photos": [a_photo(word, "knee.jpg"), a_photo(word, "knee.pdf")]})
    contact = {name: word(f"ContactForm.{name}") for name in ("email", "phone")}
    assert patient.post(f"{STATUS}contact/", contact | {"age_group": "18-39"}).status_code == 200
    patient.post(f"{STATUS}stay/", message)
    for file in ("zip", "fhir"):
        assert patient.post(f"{STATUS}download/", {"file": file}).status_code == 200
    for email in (EMAIL, f"{word.joined('LostCodeForm.email')}@example.org", word("LostCodeForm.email")):
        patient.post(CODE, {"email": email, "reference": ""})
    patient.post(CODE, {"email": EMAIL, "reference": word("LostCodeForm.reference")})
    patient.post(f"{CODE}open/", {"key": word("link.key")})
    come_by_link(word, inquiry)
    patient.get("/search/", {"q": word("search.q")})


def come_by_link(word, inquiry):
    """With a wrong PIN, and with a wrong number where there is no PIN."""
    other = a_browser(7)
    other.cookies["visit"] = actions.begin_visit(inquiry, "link")
    on_the_page_of(other, inquiry)
    asked = {"pin": f"{MARK}x", "phone": word("PhoneForm.phone"), "age_group": "18-39"}
    word.typed.add("PinForm.pin")
    assert "Your PIN" in other.post(f"{STATUS}answer/", asked).content.decode()
    inquiry.pin_digest, inquiry.phone = "", f"{inquiry.phone} 020 7946 0018"
    inquiry.save()
    assert "four digits" in other.post(f"{STATUS}answer/", asked).content.decode()


def answer(word, inquiry):
    """A working day of staff: a coordinator who gives a reason to read, a clinician, a superuser, the privacy lead."""
    carla, david = a_browser(1, a_coordinator("carol")), a_clinician()
    explained = {"reason": "other", "explanation": word("ReasonForm.explanation")}
    assert carla.post(page_of(inquiry, "open"), explained).status_code == 302
    assert a_browser(2, a_superuser()).post(page_of(inquiry, "open"), explained).status_code == 302
    handed_over = {"to": david.pk, "note": word("AssignForm.note")}
    for step, form in {
        "note": {"text": word("NoteForm.text")},
        "assign": handed_over,
        "hold": {"text": word("HoldForm.text"), "step": "hold"},
    }.items():
        assert carla.post(page_of(inquiry, step), form).status_code == 302, step
    carla.post(page_of(inquiry, "hold"), {"text": word("HoldForm.text"), "step": "release"})
    contact = {name: word(f"StaffContactForm.{name}") for name in ("email", "phone", "reason")}
    assert carla.post(page_of(inquiry, "contact"), contact).status_code == 200
    assert carla.post(page_of(inquiry, "contact"), contact | {"email": EMAIL}).status_code == 302
    withdrawn = {"to": "withdrawn", "note": word("WithdrawForm.note")}
    answered = {"to": "answered", "note": word("StatusForm.note")}
    for status in ({"to": "in_triage"}, withdrawn, {"to": "in_triage"}, answered):
        assert carla.post(page_of(inquiry, "status"), status).status_code == 302
    carla.post(page_of(inquiry, "merge"), {name: word(f"MergeForm.{name}") for name in ("into", "how_known")})
    carla.post(page_of(inquiry, "erase"), {"reference": word("EraseForm.reference")})
    for term in (EMAIL, word("search.term"), f"{word.joined('search.term')}@example.org"):
        assert carla.post(f"{QUEUE}search/", {"term": term}).status_code == 200
    chosen = {"action": "assign_chosen", "_selected_action": inquiry.pk, "to": david.pk, "index": "0"}
    assert carla.post(QUEUE, chosen | {"drawn": word("BulkAssignForm.drawn")}).status_code == 302
    carla.get(QUEUE, {"q": word("queue.q"), "status": word("queue.filter")})
    reply(word, a_browser(3, david), inquiry)
    petra = a_browser(4, a_privacy_lead())
    chosen = {name: word(f"AuditFilterForm.{name}") for name in ("actor", "reference")}
    petra.get(AUDIT_LOG, chosen | {"reference": MARK})
    petra.post(f"{AUDIT_LOG}export/", chosen | {"reference": MARK})
    explanation = StoryAccess.objects.first()
    assert MARK in petra.get(f"/admin/consultations/storyaccess/{explanation.public_id}/").content.decode()


def reply(word, desk, inquiry):
    assert MARK in desk.get(page_of(inquiry)).content.decode()
    half_written = {f"{form}-text": word(f"draft.{form}") for form in ("reply", "note")}
    assert desk.post(page_of(inquiry, "draft"), half_written).status_code == 200
    text = {"text": word("ReplyForm.text"), "key": "0f0f0f0f-0000-4000-8000-000000000001", "seen": 10**9}
    for step in ("fill", "preview", "send"):
        status = desk.post(page_of(inquiry, "reply"), text | {"step": step}).status_code
    assert status == 302
    desk.post(page_of(inquiry, "reply"), text | {"key": word("ReplyForm.key"), "step": "preview"})


def knock(word):
    """Authentication: names and passwords typed into the wrong field, codes, passkeys."""
    a_member_of_staff(app=True)
    name, password = word("LoginForm.login"), word("LoginForm.password")
    for number in range(6):
        a_browser(10).post(f"{LOGIN}?next=/{MARK}/", {"login": name, "password": password, "next": f"/{MARK}/{number}"})
    type_password(a_browser(11), password=password)
    credential = json.dumps(
        {"id": word("PasskeyLoginForm.credential"), "response": word("PasskeyCheckForm.credential")}
    )
    a_browser(12).post(f"{LOGIN}passkey/", {"credential": credential})
    inside = a_browser(13)
    type_password(inside)
    inside.post(SECOND_STEP, {"code": word("CodeForm.code")})
    inside.post(SECOND_STEP, {"credential": credential})
    assert inside.post(SECOND_STEP, {"code": the_code()}).status_code == 302
    inside.post("/accounts/again/", {"password": word("PasswordAgainForm.password")})
    inside.post("/accounts/again/code/", {"code": word("CodeAgainForm.code")})
    inside.post("/accounts/again/passkey/", {"credential": word("PasskeyAgainForm.credential")})
    change_password(word, inside)
    newcomer = a_browser(14)
    a_member_of_staff("nils")
    type_password(newcomer, "nils")
    newcomer.get("/accounts/factors/app/")
    newcomer.post("/accounts/factors/app/", {"code": word("AppForm.code")})
    newcomer.post("/accounts/factors/passkey/", {"name": "Phone", "credential": word("PasskeyForm.credential")})
    accept_an_invitation(word)
    # A user who was logged out while typing.
    assert a_browser(15).post(f"{QUEUE}1/note/", {"text": word("NoteForm.text") * 3}).status_code == 403


def accept_an_invitation(word):
    ruth = User.objects.create_user("ruth", email="ruth@clinic.example")
    invite(ruth, by=ruth)
    token = MAIL.context(Invitation.objects.get())["query"].partition("=")[2]
    new = {name: word(f"FirstPasswordForm.{name}") for name in ("new_password1", "new_password2")}
    for changes in ({}, {"new_password2": new["new_password1"]}):
        response = a_browser(16).post("/accounts/invitation/", {"key": token} | new | changes)
    assert response.status_code == 302


def change_password(word, inside):
    new = {name: word(f"PasswordChangeForm.{name}") for name in ("oldpassword", "password1", "password2")}
    for changes in ({}, {"password2": new["password1"]}):
        inside.post("/accounts/password/", new | changes)
    same = {"oldpassword": PASSWORD, "password2": new["password1"]}
    assert inside.post("/accounts/password/", new | same).status_code == 302


@pytest.mark.slow
def test_nothing_that_anyone_types_leaks(word, told, mailoutbox):
    patient = a_browser(0)
    hesitate(word, patient)
    inquiry = ask(word, patient)
    come_back(word, patient, inquiry)
    assert LinkRequest.objects.count() == 2
    assert told() == {}
    answer(word, inquiry)
    assert told() == {}
    knock(word)
    assert LoginCount.objects.exists()
    assert told() == {}
    call_command("send_mail_queue")
    call_command("verify_audit_log")
    assert told() == {}

    # All of it was stored, and is there for those who may read it.
    stored = Inquiry.objects.get()
    kept = [getattr(stored, name) for name in [*STORY, "email"]]
    kept += [each.text for each in [*stored.messages.all(), *stored.notes.all()]]
    kept += [each.explanation for each in stored.story_accesses.all()]
    assert len(kept) == 8 + 3 + 7 + 2
    assert all(MARK in text for text in kept)
    assert {mail.to[0] for mail in mailoutbox} >= {EMAIL, "intake@gutskin.example"}
    assert {"carla", "david", "unknown", "patient"} <= set(AuditEvent.objects.values_list("actor", flat=True))

    stored.attachments.all().delete()
    patient.post(f"{STATUS}erase/", {"understood": "yes"})
    assert not Inquiry.objects.exists()
    assert told() == {}
    # A canary in every field there is, those that come in future included.
    assert fields_for_words() - PLAIN_ON_PURPOSE - word.typed == set()


def fields_for_words():
    """ "Form.field" for every text field of our own forms, hidden ones included."""
    assert get_resolver().url_patterns  # all forms are imported
    found = {"LoginForm.login"}
    for form in _all_below(BaseForm):
        if form.__module__.startswith(("consultations.", "gutskin.")):
            for name, field in form.base_fields.items():
                # A version is compared, and never stored.
                if isinstance(field, (forms.CharField, forms.JSONField)) and not isinstance(field, VersionField):
                    found.add(f"{form.__name__}.{name}")
    return found


def _all_below(kind):
    for each in kind.__subclasses__():
        yield each
        yield from _all_below(each)


# An action that cannot be recorded ends its transaction, so each needs one of its own.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError, ValueError])
def test_no_error_leaks_what_was_typed(word, told, monkeypatch, error):
    """A database repeats the row that it refused in its message; any error could do so."""

    def fail(*args, **kwargs):
        raise error(f"Failing row contains ({word('error')}, {kwargs})")

    patient = a_browser(0)
    inquiry = ask(word, patient)
    in_a_visit(patient, inquiry)
    desk = a_browser(3, a_clinician())
    with monkeypatch.context() as patch:
        patch.setattr(AuditEvent, "save", fail)
        form = the_form(word, key="5b0cf0b4-8e0f-4b7c-8a43-5f2d6c0f6a12", question=word("InquiryForm.question"))
        answers = [
            a_browser(1).post(FORM, form),
            patient.post(f"{STATUS}message/", {"text": word("MessageForm.text")}),
            desk.post(page_of(inquiry, "note"), {"text": word("NoteForm.text")}),
            desk.post(f"{QUEUE}search/", {"term": EMAIL}),
            type_password(a_browser(5), word("LoginForm.login"), word("LoginForm.password")),
        ]
    assert {answer.status_code for answer in answers} == {503 if error is OperationalError else 500}
    assert told() == {}


@pytest.mark.parametrize("code", [450, 550])
def test_a_mail_server_that_repeats_the_address_leaks_nothing(word, told, monkeypatch, code):
    ask(word, a_browser(0))

    def refuse(message, *args, **kwargs):
        raise smtplib.SMTPRecipientsRefused({message.to[0]: (code, f"no such user {message.to[0]}".encode())})

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refuse)
    with pytest.raises(Exception, match="not delivered"):
        call_command("send_mail_queue")
    assert Notification.objects.filter(last_error="SMTPRecipientsRefused").count() == 2
    assert told() == {}


def test_the_search_for_canaries_finds_them(word, told):
    """In a plain column, a session, a log, a mail and on the terminal."""
    client = a_browser(0, a_clinician("zqcanary.user"))
    session = client.session
    session["kept"] = word("session")
    session.save()
    logging.getLogger("anything").debug("Searched for %s", word("log"))
    mail.send_mail("Hello", word("mail"), None, [EMAIL])
    sys.stdout.write(word("terminal"))

    found = told()
    assert {"auth_user.username", "django_session, decoded", "logs", "mails", "terminal"} == found.keys()
    assert found["mails"] == [f"{MARK} mail"]
