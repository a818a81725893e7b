"""Who may open the pages of a request and change it, and that every opening is recorded."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from consultations import actions
from consultations.models import Inquiry, Team
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import (
    a_clinical_reviewer,
    a_clinician,
    a_coordinator,
    a_privacy_lead,
    a_superuser,
    a_user,
    an_article,
    an_author,
    an_inquiry,
)
from tests.consultations.staff_pages import CONTACT, QUEUE, STEPS, STORY, html_of, page_of, with_a_reason

pytestmark = pytest.mark.django_db


def anybody():
    return get_user_model().objects.create_user("passer-by")


@pytest.mark.parametrize(
    ("role", "status", "sees_contact", "sees_story"),
    [
        (a_clinician, 200, True, True),
        (a_coordinator, 200, True, False),
        (a_superuser, 200, False, False),
        (a_privacy_lead, 403, False, False),
        (an_author, 403, False, False),
        (a_clinical_reviewer, 403, False, False),
        (anybody, 403, False, False),
        (None, 302, False, False),
    ],
)
def test_who_may_open_a_request_and_what_they_see(client, role, status, sees_contact, sees_story):
    inquiry = an_inquiry()
    if role:
        client.force_login(role())

    response = client.get(page_of(inquiry))
    html = response.content.decode()

    assert response.status_code == status
    assert [text in html for text in CONTACT] == [sees_contact] * len(CONTACT)
    assert [text in html for text in STORY] == [sees_story] * len(STORY)
    assert AuditEvent.objects.filter(action="viewed").exists() == (status == 200)
    assert AuditEvent.objects.filter(action="story_read").exists() == sees_story


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("role", "status"),
    [(an_author, 403), (a_clinical_reviewer, 403), (a_privacy_lead, 403), (anybody, 403), (None, 302)],
)
def test_who_may_not_change_a_request(client, role, status, step):
    inquiry = an_inquiry()
    if role:
        client.force_login(role())

    # After the session has ended the text comes back, instead of a redirect: gutskin/accounts/ended_session.py
    assert client.post(page_of(inquiry, step), STEPS[step]).status_code in {status, 403}
    acts = AuditEvent.objects.exclude(reference="").values_list("action", flat=True)
    assert list(acts) == ["submitted"]


def test_a_clinician_sees_neither_list_nor_page_of_a_colleagues_request(client, david):
    actions.assign(inquiry := an_inquiry(), to=a_clinician("maria"), by=a_coordinator())
    Team.objects.get().members.remove(david)

    assert inquiry.reference not in client.get(QUEUE).content.decode()
    assert client.get(page_of(inquiry)).status_code == 404
    for step, form in STEPS.items():
        assert client.post(page_of(inquiry, step), form).status_code == 404, step


@pytest.mark.parametrize("person", [a_clinician, a_coordinator])
def test_the_queue_shows_nothing_that_was_written(client, person):
    inquiry, user = an_inquiry(condition=an_article()), person()
    client.force_login(user)
    actions.set_urgency(inquiry, to="urgent", by=user)

    html = client.get(QUEUE).content.decode()

    assert inquiry.reference in html
    assert '<span class="chip chip--new">New</span>' in html
    assert '<span class="chip chip--urgent">Urgent</span>' in html
    assert "Psoriasis" in html
    assert not [text for text in CONTACT + STORY if text in html]


def test_every_opening_is_recorded(client, david):
    inquiry = an_inquiry()
    client.get(page_of(inquiry))
    client.get(page_of(inquiry))

    opened = AuditEvent.objects.filter(action="viewed", reference=inquiry.reference)
    read = AuditEvent.objects.filter(action="story_read", reference=inquiry.reference)
    assert [event.actor for event in opened] == ["david", "david"]
    assert [event.actor for event in read] == ["david", "david"]


def test_a_form_that_comes_back_is_recorded_as_a_view(client, carla):
    inquiry = an_inquiry()
    with_a_reason(inquiry, carla)
    response = client.post(page_of(inquiry, "note"), {"text": ""})

    assert STORY[0] in response.content.decode()
    assert AuditEvent.objects.filter(action="viewed", actor="carla").count() == 1
    assert AuditEvent.objects.filter(action="story_read", actor="carla").count() == 1


def test_the_title_is_the_reference(client, carla):
    inquiry = an_inquiry()
    title = re.search(r"<title>(.*?)</title>", html_of(client, inquiry), re.DOTALL)[1]

    assert inquiry.reference in title
    assert not [text for text in CONTACT if text in title]


def test_nothing_can_be_added_or_deleted_by_hand(client):
    client.force_login(a_superuser())
    inquiry = an_inquiry()

    assert client.get(f"{QUEUE}add/").status_code == 403
    assert client.get(page_of(inquiry, "delete")).status_code == 403
    assert client.post(page_of(inquiry, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(QUEUE, {"action": "delete_selected", "_selected_action": inquiry.pk}).status_code in (200, 302)
    assert client.post(page_of(inquiry), {"status": "closed"}).status_code == 405
    assert Inquiry.objects.get().status == "new"


def test_django_admins_log_stays_empty(client, david):
    inquiry = an_inquiry()
    client.get(page_of(inquiry))
    client.post(page_of(inquiry, "status"), {"to": "in_triage"})
    client.post(page_of(inquiry, "note"), {"text": "hello"})

    assert not LogEntry.objects.exists()
    assert client.get(page_of(inquiry, "history")).headers["Location"] == page_of(inquiry)


def test_an_unknown_request_is_not_found(client, carla):
    for number in ("4711", "abc", "9" * 30, "-1"):
        assert client.get(f"{QUEUE}{number}/change/").status_code == 404
    for step, form in STEPS.items():
        assert client.post(f"{QUEUE}{'9' * 30}/{step}/", form).status_code == 404, step


def test_steps_need_a_post(client, carla):
    inquiry = an_inquiry()
    statuses = {step: client.get(page_of(inquiry, step)).status_code for step in STEPS}

    assert statuses == dict.fromkeys(STEPS, 302) | {"erase": 200}


def test_a_role_that_may_only_look_gets_no_buttons(client):
    looker = a_user("lena")
    for name in ("view_inquiry", "view_every_inquiry"):
        looker.user_permissions.add(Permission.objects.get(codename=name))
    client.force_login(looker)
    inquiry = an_inquiry()

    assert "Assign to me" not in html_of(client, inquiry)
    for step in STEPS.keys() - {"open", "presence"}:
        assert client.post(page_of(inquiry, step), STEPS[step]).status_code == 403, step
