"""The buttons of a request's page: status, assignee, urgency, notes."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.actions import staff_actions
from consultations.models import Inquiry, Note, Outcome, Team
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.consultations.factories import a_clinician, a_coordinator, a_superuser, an_author, an_inquiry
from tests.consultations.staff_pages import QUEUE, STORY, html_of, page_of, with_a_reason

pytestmark = pytest.mark.django_db


def in_triage(by):
    inquiry = an_inquiry()
    actions.change_status(inquiry, to="in_triage", by=by)
    return inquiry


def test_only_allowed_steps_have_a_button(client, carla):
    html = html_of(client, an_inquiry())

    buttons = re.findall(r'name="to" value="([a-z_]+)">([^<]*)<', html)
    assert buttons == [
        ("in_triage", "Start triage"),
        ("spam", "Mark as spam"),
        ("withdrawn", "The patient withdrew it"),
    ]
    assert "How did it end?" not in html


def test_a_button_changes_the_status(client, carla):
    inquiry = an_inquiry()

    response = client.post(page_of(inquiry, "status"), {"to": "in_triage", "seen": "0"}, follow=True)

    assert Inquiry.objects.get().status == "in_triage"
    assert "the status is changed" in response.content.decode()
    assert "New → In triage" in response.content.decode()


@pytest.mark.parametrize(("to", "status"), [("closed", 409), ("burnt", 200), ("", 200)])
def test_a_step_that_is_not_allowed_is_explained(client, carla, to, status):
    inquiry = an_inquiry()

    response = client.post(page_of(inquiry, "status"), {"to": to})

    assert response.status_code == status
    assert Inquiry.objects.get().status == "new"
    assert 'class="errornote" role="alert"' in response.content.decode()


def test_marking_as_answered_needs_a_reply_or_a_sentence(client, david):
    inquiry = in_triage(david)
    html = html_of(client, inquiry)
    assert "How was the patient answered?" in html
    assert 'name="to" value="answered">Mark as answered<' in html

    response = client.post(page_of(inquiry, "status"), {"to": "answered", "note": "  "})
    assert response.status_code == 409
    assert "No reply was sent since the patient last waited" in response.content.decode()
    assert Inquiry.objects.get().status == "in_triage"

    client.post(page_of(inquiry, "status"), {"to": "answered", "note": "On the phone."})
    assert Inquiry.objects.get().status == "answered"
    assert Note.objects.get().text == "On the phone."
    assert [event.action for event in AuditEvent.objects.all()[:2]] == ["note_added", "status_changed"]


def test_a_reply_from_before_the_patient_wrote_again_is_no_answer(client, david, time_machine):
    inquiry = in_triage(david)
    actions.reply(inquiry, text="Use a cream.", key=uuid.uuid4(), by=david)
    actions.change_status(inquiry, to="in_triage", by=david)
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    with pytest.raises(actions.AnswerMissing):
        actions.change_status(inquiry, to="answered", by=david)

    actions.reply(inquiry, text="Since when?", key=uuid.uuid4(), by=david, asks=True)
    actions.change_status(inquiry, to="answered", by=david)
    assert Inquiry.objects.get().status == "answered"


def test_a_coordinator_says_how_and_a_superuser_who_cannot_write_into_it_does_not(client, carla):
    inquiry = in_triage(carla)
    client.force_login(a_superuser())
    assert "How was the patient answered?" not in html_of(client, inquiry)
    answered = {"to": "answered", "note": "On the phone."}
    response = client.post(page_of(inquiry, "status"), answered)
    assert response.status_code == 403
    assert "On the phone." in response.content.decode()
    assert not Note.objects.exists()

    client.force_login(carla)
    assert client.post(page_of(inquiry, "status"), answered).status_code == 302
    assert Inquiry.objects.get().status == "answered"


def test_a_step_from_a_page_that_showed_another_status_is_refused(client, carla):
    """A colleague marked it as spam meanwhile: “Start triage” on the old page would reopen it."""
    inquiry = an_inquiry()
    old = re.search(r'name="status-had" value="(\w+)"', html_of(client, inquiry))[1]
    actions.change_status(inquiry, to="spam", by=a_clinician())
    response = client.post(page_of(inquiry, "status"), {"to": "in_triage", "had": old})

    assert response.status_code == 409
    assert "It was changed to “Spam” after you opened this page." in response.content.decode()
    assert Inquiry.objects.get().status == "spam"
    # The page now shows the new status, and what can be done with it.
    again = re.search(r'name="status-had" value="(\w+)"', response.content.decode())[1]
    assert client.post(page_of(inquiry, "status"), {"to": "in_triage", "had": again}).status_code == 302


def test_an_urgency_that_a_colleague_has_set_is_not_overwritten_unseen(client, carla):
    inquiry = an_inquiry()
    actions.set_urgency(inquiry, to="urgent", by=a_clinician())
    response = client.post(page_of(inquiry, "urgency"), {"to": "soon", "had": "routine"})

    assert response.status_code == 409
    assert "It was changed to “Urgent” after you opened this page." in response.content.decode()
    assert Inquiry.objects.get().urgency == "urgent"
    assert client.post(page_of(inquiry, "urgency"), {"to": "soon", "had": "urgent"}).status_code == 302


def test_closing_needs_the_outcome(client, david):
    inquiry = in_triage(david)

    response = client.post(page_of(inquiry, "status"), {"to": "closed", "outcome": ""})
    assert "Say how the request ended" in response.content.decode()
    assert Inquiry.objects.get().status == "in_triage"

    client.post(page_of(inquiry, "status"), {"to": "closed", "outcome": "advice_given"})
    assert (Inquiry.objects.get().status, Inquiry.objects.get().outcome) == ("closed", "advice_given")
    assert "Advice given in writing" in html_of(client, inquiry)


@pytest.mark.parametrize("outcome", ["duplicate", "burnt"])
def test_an_outcome_that_is_not_offered_is_refused(client, david, outcome):
    inquiry = in_triage(david)
    client.post(page_of(inquiry, "status"), {"to": "closed", "outcome": outcome})

    assert Inquiry.objects.get().status == "in_triage"
    assert str(Outcome.DUPLICATE.label) not in html_of(client, inquiry)


def test_closing_is_refused_if_the_patient_has_just_written(client, david):
    inquiry = in_triage(david)
    actions.receive_message(inquiry, text="It got much worse.", key=uuid.uuid4())

    response = client.post(page_of(inquiry, "status"), {"to": "closed", "outcome": "no_reply", "seen": "0"})

    assert response.status_code == 409
    assert "The patient wrote a moment ago" in response.content.decode()
    assert Inquiry.objects.get().status == "in_triage"


def test_a_spam_mark_can_be_undone(client, carla):
    inquiry = an_inquiry()
    client.post(page_of(inquiry, "status"), {"to": "spam"})
    assert "Not spam: reopen" in html_of(client, inquiry)

    client.post(page_of(inquiry, "status"), {"to": "in_triage"})
    assert Inquiry.objects.get().status == "in_triage"


def test_assign_to_me_and_back(client):
    inquiry, david = an_inquiry(), a_clinician()
    client.force_login(david)

    client.post(page_of(inquiry, "assign"), {"to": david.pk})
    assert Inquiry.objects.get().assignee == david
    client.post(page_of(inquiry, "assign"), {"to": "nobody"})
    assert Inquiry.objects.get().assignee is None


@pytest.mark.parametrize("has_left", [False, True])
def test_no_choice_does_not_unassign_a_request(client, carla, has_left):
    inquiry, david = an_inquiry(), a_clinician()
    actions.assign(inquiry, to=david, by=carla)
    david.is_active = not has_left
    david.save()
    form = re.search(r'<select name="assign-to"[^>]*assignform.*?</select>', html_of(client, inquiry), re.DOTALL)[0]
    assert re.findall(r'<option value="([^"]*)"', form)[:2] == ["", "nobody"]
    assert "selected" not in form.replace('value="" selected', "")

    response = client.post(page_of(inquiry, "assign"), {"to": "", "note": "She rings at noon."})

    assert "Choose a colleague first" in response.content.decode()
    assert "She rings at noon." in response.content.decode()
    assert Inquiry.objects.get().assignee == david
    assert not Note.objects.exists()


def had_by(html):
    return re.findall(r'name="had_by" value="([^"]*)"', html)


@pytest.mark.parametrize("to", ["zoe", "nobody"])
def test_a_request_assigned_to_another_since_is_not_taken_over(client, carla, to):
    inquiry, david, zoe = an_inquiry(), a_clinician(), a_clinician("zoe")
    to = zoe.pk if to == "zoe" else to
    david.first_name = "David"
    david.save()
    seen = had_by(html_of(client, inquiry))
    assert seen == ["0"]
    actions.assign(inquiry, to=david, by=david)

    form = {"to": to, "note": "She rings at noon.", "had_by": seen[0]}
    response = client.post(page_of(inquiry, "assign"), form)
    html = response.content.decode()

    assert response.status_code == 409
    assert "David was given this request after you opened this page." in html
    assert "She rings at noon." in html
    assert f'value="{to}" selected' in html
    assert Inquiry.objects.get().assignee == david
    assert not Note.objects.exists()

    # Sent again from the page that shows the refusal, it is done.
    assert had_by(html) == [str(david.pk)]
    client.post(page_of(inquiry, "assign"), form | {"had_by": had_by(html)[0]})
    assert Inquiry.objects.get().assignee == (zoe if to == zoe.pk else None)


def test_a_request_put_back_into_the_queue_since_is_not_taken_over(client, david):
    inquiry, zoe = an_inquiry(), a_clinician("zoe")
    actions.assign(inquiry, to=zoe, by=zoe)
    seen = had_by(html_of(client, inquiry))
    assert seen == [str(zoe.pk)]
    actions.assign(inquiry, to=None, by=zoe)

    response = client.post(page_of(inquiry, "assign"), {"to": david.pk, "had_by": seen[0]})

    assert response.status_code == 409
    assert "put back into the queue after you opened this page" in response.content.decode()
    assert Inquiry.objects.get().assignee is None


def test_a_double_click_on_assign_to_me_is_no_conflict(client, david):
    inquiry = an_inquiry()
    form = {"to": david.pk, "had_by": had_by(html_of(client, inquiry))[0]}
    for _click in range(2):
        assert client.post(page_of(inquiry, "assign"), form).status_code == 302

    assert AuditEvent.objects.filter(action="assigned").count() == 1


@pytest.mark.parametrize("number", ["x", "-1", "9" * 40])
def test_a_forged_assignee_changes_nothing_and_loses_nothing(client, carla, number):
    inquiry, david = an_inquiry(), a_clinician()
    form = {"to": david.pk, "note": "She rings at noon.", "had_by": number}

    response = client.post(page_of(inquiry, "assign"), form)

    assert response.status_code == 200
    assert "She rings at noon." in response.content.decode()
    assert Inquiry.objects.get().assignee is None


def test_the_message_says_what_happened(client, carla):
    inquiry, david = an_inquiry(), a_clinician()

    def said(**form):
        return client.post(page_of(inquiry, "assign"), {"to": david.pk} | form, follow=True).content.decode()

    assert "the assignee is changed." in said(note="She rings at noon.")
    html = said(note="And at one.")
    assert "your note is saved. The assignee stays the same." in html
    assert "the assignee is changed." not in html
    assert "nothing changed. It already had this assignee." in said()
    assert [note.text for note in Note.objects.order_by("pk")] == ["She rings at noon.", "And at one."]


def test_a_coordinator_is_not_offered_as_assignee(client, carla):
    inquiry = an_inquiry()

    assert "Assign to me" not in client.get(page_of(inquiry)).content.decode()
    client.post(page_of(inquiry, "assign"), {"to": carla.pk})
    assert Inquiry.objects.get().assignee is None


def test_only_colleagues_who_may_answer_are_offered(client, carla):
    aisha = an_author()
    inquiry = an_inquiry()

    response = client.post(page_of(inquiry, "assign"), {"to": aisha.pk, "note": "For you."})

    assert Inquiry.objects.get().assignee is None
    assert "For you." in response.content.decode()
    assert f'value="{aisha.pk}">aisha' not in html_of(client, inquiry)


def test_handing_over_saves_the_note_and_sends_no_mail(client, carla):
    inquiry, maria = an_inquiry(), a_clinician("maria", team=None)
    mails = Notification.objects.count()

    client.post(page_of(inquiry, "assign"), {"to": maria.pk, "note": "She rings at noon."})

    assert Inquiry.objects.get().assignee == maria
    assert [note.text for note in Note.objects.all()] == ["She rings at noon."]
    assert Notification.objects.count() == mails
    kinds = list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))
    assert {"assigned", "note_added"} <= set(kinds)
    client.force_login(maria)
    assert "She rings at noon." in html_of(client, inquiry)


def test_a_refused_hand_over_saves_no_note():
    with pytest.raises(actions.CannotBeAssigned):
        actions.assign(an_inquiry(), to=an_author(), note="For you.", by=a_coordinator())
    assert not Note.objects.exists()


def test_a_clinician_who_hands_over_is_sent_to_the_queue(client, david):
    inquiry, maria = an_inquiry(), a_clinician("maria")
    actions.assign(inquiry, to=david, by=a_coordinator())
    Team.objects.get().members.remove(david)

    response = client.post(page_of(inquiry, "assign"), {"to": maria.pk})

    assert response.headers["Location"] == QUEUE


def test_urgency(client, carla):
    inquiry = an_inquiry()
    client.post(page_of(inquiry, "urgency"), {"to": "urgent"})

    assert Inquiry.objects.get().urgency == "urgent"
    assert client.post(page_of(inquiry, "urgency"), {"to": "whenever"}).status_code == 200
    assert Inquiry.objects.get().urgency == "urgent"


@pytest.mark.parametrize(
    ("step", "label", "said"),
    [
        ("note", "New note", "Write the note first."),
        ("hold", "Reason", "Write the reason first."),
        ("assign", "Hand over to", "Choose a colleague first, or “No one: back to the queue”."),
    ],
)
def test_fields_with_errors_are_listed_on_top_with_links_to_them(client, carla, step, label, said):
    inquiry = an_inquiry()
    with_a_reason(inquiry, carla)

    html = client.post(page_of(inquiry, step), {"step": "hold"}).content.decode()

    summary = re.search(r'role="alert" tabindex="-1" autofocus>.*?</div>', html, re.DOTALL)[0]
    [(field, name)] = re.findall(r'<p><a href="#([^"]+)">([^<]+)</a></p>', summary)
    assert name == label
    assert html.count(f' id="{field}"') == 1
    assert re.search(rf'<label for="{field}">.*?{said}.*? id="{field}"', html, re.DOTALL)


def test_a_note_is_saved_and_shown(client, david):
    inquiry = an_inquiry()
    response = client.post(page_of(inquiry, "note"), {"text": "Ring her <b>on Monday</b>."}, follow=True)

    assert Note.objects.get().text == "Ring her <b>on Monday</b>."
    assert "Ring her &lt;b&gt;on Monday" in response.content.decode()


@pytest.mark.parametrize("text", ["long " * 2_001, "with \0 in it"])
def test_a_note_that_cannot_be_stored_is_not_lost(client, david, text):
    response = client.post(page_of(an_inquiry(), "note"), {"text": text})

    assert not Note.objects.exists()
    assert text.replace("\0", "")[:20].strip() in response.content.decode()


def test_a_coordinator_works_without_seeing_the_story(client, carla):
    inquiry, maria = an_inquiry(), a_clinician("maria")
    for step, form in (("urgency", {"to": "urgent"}), ("status", {"to": "in_triage"}), ("assign", {"to": maria.pk})):
        html = client.post(page_of(inquiry, step), form, follow=True).content.decode()
        assert not [text for text in STORY if text in html]

    inquiry = Inquiry.objects.get()
    assert (inquiry.urgency, inquiry.status, inquiry.assignee) == ("urgent", "in_triage", maria)
    with_a_reason(inquiry, carla)
    assert not [text for text in STORY if text not in html_of(client, inquiry)]


def test_a_request_erased_at_the_same_moment_is_not_found(client, monkeypatch):
    inquiry = an_inquiry()
    client.force_login(a_clinician())
    lock = staff_actions.lock

    def erased_first(mine):
        Inquiry.objects.all().delete()
        lock(mine)

    monkeypatch.setattr(staff_actions, "lock", erased_first)
    assert client.post(page_of(inquiry, "urgency"), {"to": "urgent"}).status_code == 404
