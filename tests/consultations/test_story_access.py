"""Giving a reason to read a story, and breaking the glass as a superuser."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry, Note, StoryAccess
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from gutskin.mail.outbox import deliver
from tests.consultations.factories import a_clinician, a_coordinator, a_privacy_lead, a_superuser, an_author, an_inquiry
from tests.consultations.staff_pages import CONTACT, STORY, html_of, page_of

pytestmark = pytest.mark.django_db
WHY = "She rang about it twice."


def give(client, inquiry, **form):
    return client.post(page_of(inquiry, "open"), {"reason": "urgency", "explanation": ""} | form, follow=True)


def test_a_coordinator_with_a_reason_reads_the_story_for_an_hour(client, carla, time_machine):
    inquiry = an_inquiry()
    assert not [text for text in STORY if text in html_of(client, inquiry)]

    html = give(client, inquiry).content.decode()

    assert not [text for text in STORY if text not in html]
    until = timezone.localtime(StoryAccess.objects.get().ends_at)
    assert f"You can read this request until {until:%H:%M}" in html
    time_machine.move_to(timezone.now() + timedelta(minutes=61))
    client.force_login(carla)
    assert not [text for text in STORY if text in html_of(client, inquiry)]


def test_the_audit_log_has_the_reason_without_its_explanation(client, carla):
    inquiry = an_inquiry()
    give(client, inquiry, reason="complaint", explanation=WHY)

    event = AuditEvent.objects.get(action="access_opened")
    assert (event.actor, event.reference, event.detail) == ("carla", inquiry.reference, "complaint")
    assert StoryAccess.objects.get().explanation == WHY
    assert WHY not in html_of(client, inquiry)
    assert not Notification.objects.filter(kind="access_notice").exists()


@pytest.mark.parametrize(
    "form", [{"reason": "other"}, {"reason": "other", "explanation": "  "}, {"reason": "nosy"}, {"reason": ""}]
)
def test_without_a_reason_the_story_stays_closed_and_the_text_comes_back(client, carla, form):
    inquiry = an_inquiry()
    html = give(client, inquiry, **form).content.decode()

    assert not StoryAccess.objects.exists()
    assert 'class="errorlist"' in html
    assert not [text for text in STORY if text in html]


def test_an_explanation_that_is_too_long_comes_back(client, carla):
    html = give(client, an_inquiry(), explanation="long " * 2_001).content.decode()

    assert "Please shorten this" in html
    assert "long long long" in html


def test_a_superuser_breaks_the_glass_and_the_privacy_lead_is_told(client):
    petra = a_privacy_lead()
    petra.email = "petra@clinic.example"
    petra.save()
    client.force_login(a_superuser())
    inquiry = an_inquiry()
    assert not [text for text in CONTACT + STORY if text in html_of(client, inquiry)]

    html = give(client, inquiry, reason="fault", explanation=WHY).content.decode()

    assert not [text for text in CONTACT + STORY if text not in html]
    event = AuditEvent.objects.get(action="glass_broken")
    assert (event.actor, event.detail) == ("root", "fault")
    notice = Notification.objects.get(kind="access_notice")
    assert notice.recipient == "petra@clinic.example"
    deliver(notice)
    told = mail.outbox[0]
    assert inquiry.reference in told.subject
    assert not [text for text in [*CONTACT, *STORY, WHY] if text in told.body]


@pytest.mark.parametrize(
    ("privacy_email", "lead_email", "told"),
    [
        ("privacy@clinic.example", "petra@clinic.example", "privacy@clinic.example"),
        ("", "petra@clinic.example", "petra@clinic.example"),
        ("", "", "intake@gutskin.example"),
    ],
)
def test_someone_is_always_told_of_a_broken_glass(settings, privacy_email, lead_email, told):
    settings.PRIVACY_EMAIL = privacy_email
    petra = a_privacy_lead()
    petra.email = lead_email
    petra.save()

    actions.open_story(an_inquiry(), reason="fault", by=a_superuser())

    assert [notice.recipient for notice in Notification.objects.filter(kind="access_notice")] == [told]


def test_if_the_notice_fails_the_story_stays_closed(monkeypatch):
    inquiry, root = an_inquiry(), a_superuser()

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("consultations.actions.story_access.queue_mail", broken)
    with pytest.raises(RuntimeError):
        actions.open_story(inquiry, reason="fault", by=root)
    assert not StoryAccess.objects.exists()
    assert not AuditEvent.objects.filter(action="glass_broken").exists()


@pytest.mark.parametrize("person", [a_coordinator, a_superuser])
def test_note_and_reply_need_a_reason_and_the_text_comes_back(client, person):
    inquiry, user = an_inquiry(), person()
    client.force_login(user)

    for step in ("note", "reply"):
        response = client.post(page_of(inquiry, step), {"text": "Ring her on Monday.", "step": "send"})
        assert response.status_code == 403
        assert "Ring her on Monday." in response.content.decode()
        assert not [text for text in CONTACT + STORY if text in response.content.decode()]
    assert not Note.objects.exists()
    assert not inquiry.messages.exists()

    for step in ("fill", "preview"):
        assert client.post(page_of(inquiry, "reply"), {"text": "Hello.", "step": step}).status_code == 403

    give(client, inquiry)
    assert client.post(page_of(inquiry, "note"), {"text": "Ring her on Monday."}).status_code == 302


def test_a_superuser_cannot_add_a_note_when_handing_over(client):
    """A coordinator may: handing over is their work."""
    inquiry, david = an_inquiry(), a_clinician()
    client.force_login(a_superuser())
    assert 'name="assign-note"' not in html_of(client, inquiry)

    form = {"to": david.pk, "note": "Ring her on Monday."}
    response = client.post(page_of(inquiry, "assign"), form)
    assert response.status_code == 403
    assert "Ring her on Monday." in response.content.decode()
    assert not Note.objects.exists()
    assert Inquiry.objects.get().assignee is None

    assert client.post(page_of(inquiry, "assign"), form | {"note": ""}).status_code == 302
    assert Inquiry.objects.get().assignee == david
    give(client, inquiry, reason="fault")
    assert 'name="assign-note"' in html_of(client, inquiry)
    client.post(page_of(inquiry, "assign"), form)
    assert Note.objects.get().text == "Ring her on Monday."


def test_a_user_who_cannot_see_a_request_cannot_give_a_reason():
    inquiry = an_inquiry()
    for user in (an_author(), a_privacy_lead(), a_clinician(team=None)):
        with pytest.raises(actions.NotPermitted):
            actions.open_story(inquiry, reason="urgency", by=user)


def test_the_action_refuses_another_reason_without_an_explanation():
    with pytest.raises(actions.ExplanationMissing):
        actions.open_story(an_inquiry(), reason="other", explanation=" ", by=a_coordinator())


def test_a_superuser_cannot_assign_a_request_to_themselves(client):
    inquiry, root = an_inquiry(), a_superuser()
    client.force_login(root)
    assert "Assign to me" not in html_of(client, inquiry)

    client.post(page_of(inquiry, "assign"), {"to": root.pk})

    assert Inquiry.objects.get().assignee is None
    assert not [text for text in CONTACT + STORY if text in html_of(client, inquiry)]
    with pytest.raises(actions.CannotAssignToSelf):
        actions.assign(inquiry, to=root, by=root)


def test_a_second_click_gives_no_second_reason_and_sends_no_second_mail():
    inquiry, root = an_inquiry(), a_superuser()
    for _click in range(2):
        actions.open_story(inquiry, reason="fault", by=root)

    assert StoryAccess.objects.count() == 1
    assert Notification.objects.filter(kind="access_notice").count() == 1
