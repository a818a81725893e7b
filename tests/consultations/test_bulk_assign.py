"""Assigning many requests at once."""

import re

import pytest
from django.db import OperationalError

from consultations import actions
from consultations.admin import bulk_assign
from consultations.models import Inquiry
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import (
    a_clinician,
    a_coordinator,
    an_author,
    an_inquiry,
    many_inquiries,
    some_inquiries,
)
from tests.consultations.staff_pages import QUEUE

pytestmark = pytest.mark.django_db


def assign(client, inquiries, to, **more):
    chosen = {"action": "assign_chosen", "index": "0", "to": to, "_selected_action": [each.pk for each in inquiries]}
    return client.post(QUEUE, chosen | more, follow=True).content.decode()


def test_many_are_assigned_and_each_is_recorded(client, carla):
    david = a_clinician()
    first, second, third = some_inquiries(3)

    html = assign(client, [first, second], david.pk)

    assert "2 requests are assigned to david." in html
    assert set(Inquiry.objects.filter(assignee=david)) == {first, second}
    events = AuditEvent.objects.filter(action="assigned")
    assert {event.reference for event in events} == {first.reference, second.reference}
    assert not events.filter(reference=third.reference).exists()


def test_back_to_the_queue(client, carla):
    inquiry = an_inquiry()
    actions.assign(inquiry, to=a_clinician(), by=carla)

    assert "1 request is now unassigned." in assign(client, [inquiry], "nobody")
    assert Inquiry.objects.get().assignee is None


def test_no_choice_unassigns_nothing(client, carla):
    """The select starts with an empty choice, which is not the same as “No one”."""
    inquiries, david = some_inquiries(2), a_clinician()
    for inquiry in inquiries:
        actions.assign(inquiry, to=david, by=carla)
    html = client.get(QUEUE).content.decode()
    offered = re.search(r'<select name="to".*?</select>', html, re.DOTALL)[0]
    values = re.findall(r'<option value="([^"]*)">', offered)

    assert values == ["", "nobody", str(david.pk)]
    assert "Nothing was changed. Choose a colleague from the list, or “No one”." in assign(client, inquiries, values[0])
    assert Inquiry.objects.filter(assignee=david).count() == 2


def test_no_request_chosen_changes_nothing(client, carla):
    inquiry = an_inquiry()

    assert "Items must be selected" in assign(client, [], a_clinician().pk)
    assert Inquiry.objects.get(pk=inquiry.pk).assignee is None


@pytest.mark.parametrize("to", ["4711", "abc", "9" * 40, "-1"])
def test_a_colleague_who_is_not_offered_is_refused(client, carla, to):
    inquiry = an_inquiry()

    assert "Nothing was changed." in assign(client, [inquiry], to)
    assert "Nothing was changed." in assign(client, [inquiry], an_author().pk)
    assert Inquiry.objects.get().assignee is None


def test_one_that_cannot_be_assigned_is_named_and_stops_no_other(client, carla, monkeypatch):
    first, second = some_inquiries(2)
    assign_one = actions.assign

    def refuse_the_first(inquiry, *, to, by):
        if inquiry == first:
            raise actions.CannotBeAssigned(to)
        assign_one(inquiry, to=to, by=by)

    monkeypatch.setattr(bulk_assign.actions, "assign", refuse_the_first)
    html = assign(client, [first, second], a_clinician().pk)

    assert f"{first.reference}: david may not answer requests." in html
    assert "1 request is assigned to david." in html
    assert Inquiry.objects.get(pk=second.pk).assignee is not None


def test_if_the_database_stops_answering_the_number_left_is_shown(client, carla, monkeypatch):
    inquiries = some_inquiries(3)
    assign_one, done = actions.assign, []

    def answer_once(inquiry, *, to, by):
        if done:
            raise OperationalError("database is locked")
        done.append(inquiry)
        assign_one(inquiry, to=to, by=by)

    monkeypatch.setattr(bulk_assign.actions, "assign", answer_once)
    html = assign(client, inquiries, a_clinician().pk)

    assert "1 request is assigned to david." in html
    assert "2 requests were not assigned." in html
    assert Inquiry.objects.filter(assignee__isnull=False).count() == 1


def test_a_clinician_assigns_only_what_they_see(client):
    mine, hers = some_inquiries(2)
    david, maria, carla = a_clinician(team=None), a_clinician("maria", team=None), a_coordinator()
    actions.assign(mine, to=david, by=carla)
    client.force_login(david)

    assign(client, [mine, hers], maria.pk)

    assert Inquiry.objects.get(pk=mine.pk).assignee == maria
    assert Inquiry.objects.get(pk=hers.pk).assignee is None


def test_at_most_two_hundred_at_once(client, carla):
    many_inquiries(250)

    html = assign(client, [Inquiry.objects.open().first()], a_clinician().pk, select_across="1")

    assert "at most 200" in html
    assert not Inquiry.objects.filter(assignee__isnull=False).exists()


def test_there_is_no_other_admin_action(client, carla):
    inquiry = an_inquiry()
    client.post(QUEUE, {"action": "delete_selected", "_selected_action": inquiry.pk, "index": "0", "post": "yes"})

    assert Inquiry.objects.filter(pk=inquiry.pk).exists()
