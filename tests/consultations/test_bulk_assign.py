"""Assigning many requests at once."""

import re

import pytest
from django.db import OperationalError
from django.utils import timezone

from consultations import actions
from consultations.admin import bulk_assign
from consultations.models import Inquiry
from consultations.retention import erase_inquiry
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


def drawn(client):
    """When the list was drawn, as its form carries it."""
    return re.search(r'name="drawn" value="([^"]*)"', client.get(QUEUE).content.decode())[1]


def assign(client, inquiries, to, address=QUEUE, **more):
    chosen = {"action": "assign_chosen", "index": "0", "to": to, "_selected_action": [each.pk for each in inquiries]}
    chosen |= more if "drawn" in more else more | {"drawn": drawn(client)}
    return client.post(address, chosen, follow=True).content.decode()


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

    def refuse_the_first(inquiry, *, to, by, **more):
        if inquiry == first:
            raise actions.CannotBeAssigned(to)
        assign_one(inquiry, to=to, by=by, **more)

    monkeypatch.setattr(bulk_assign.actions, "assign", refuse_the_first)
    html = assign(client, [first, second], a_clinician().pk)

    assert f"{first.reference}: david may not answer requests." in html
    assert "1 request is assigned to david." in html
    assert Inquiry.objects.get(pk=second.pk).assignee is not None


def test_if_the_database_stops_answering_the_number_left_is_shown(client, carla, monkeypatch):
    inquiries = some_inquiries(3)
    assign_one, done = actions.assign, []

    def answer_once(inquiry, *, to, by, **more):
        if done:
            raise OperationalError("database is locked")
        done.append(inquiry)
        assign_one(inquiry, to=to, by=by, **more)

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


@pytest.mark.parametrize("tab", ["open", "unassigned"])
def test_one_that_a_colleague_assigned_since_is_left_alone_and_named(client, carla, tab):
    """Also if it has left the list by that, as in the tab of those that no one has."""
    first, second = some_inquiries(2)
    david, maria = a_clinician(), a_clinician("maria")
    opened = drawn(client)
    actions.assign(first, to=maria, by=david)

    html = assign(client, [first, second], david.pk, f"{QUEUE}?tab={tab}", drawn=opened)

    assert f"{first.reference}: maria was given this request after you opened this page." in html
    assert "1 request is assigned to david." in html
    assert "no longer in this list" not in html
    assert Inquiry.objects.get(pk=first.pk).assignee == maria
    # From the list that is shown now, it is done.
    assert "1 request is assigned to david." in assign(client, [first], david.pk)


def test_what_i_or_others_assigned_before_holds_nothing_back(client, carla):
    inquiry, david, maria = an_inquiry(), a_clinician(), a_clinician("maria")
    actions.assign(inquiry, to=maria, by=david)
    opened = drawn(client)
    actions.assign(inquiry, to=None, by=carla)

    assert "1 request is assigned to david." in assign(client, [inquiry], david.pk, drawn=opened)
    # A double click, or a colleague who chose the same.
    assert "1 request is assigned to david." in assign(client, [inquiry], david.pk, drawn=opened)


def test_one_assigned_while_the_others_are_is_left_alone(client, carla, monkeypatch):
    first, second = some_inquiries(2)
    david, maria = a_clinician(), a_clinician("maria")
    assign_one = actions.assign

    def slowly(inquiry, **how):
        if inquiry == first:
            Inquiry.objects.filter(pk=second.pk).update(assignee=maria)
        assign_one(inquiry, **how)

    monkeypatch.setattr(bulk_assign.actions, "assign", slowly)

    assert f"{second.reference}: maria was given this request" in assign(client, [first, second], david.pk)
    assert Inquiry.objects.get(pk=second.pk).assignee == maria


def test_those_that_are_gone_are_counted(client, carla):
    erased, closed, left = some_inquiries(3)
    opened = drawn(client)
    erase_inquiry(erased, by="patient", cause="patient")
    actions.change_status(closed, to="spam", by=a_clinician())

    html = assign(client, [erased, closed, left], a_clinician("maria").pk, drawn=opened)

    assert "2 requests that you chose were left alone: they are no longer in this list." in html
    assert "1 request is assigned to maria." in html


@pytest.mark.parametrize("forged", ["", "yesterday", "2026-11-30T10:00:00+00:00"])
def test_without_knowing_when_the_list_was_opened_nothing_is_assigned(client, carla, forged):
    inquiry = an_inquiry()

    assert "Nothing was changed. Look at the list again" in assign(client, [inquiry], a_clinician().pk, drawn=forged)
    assert Inquiry.objects.get().assignee is None


def test_many_are_checked_with_one_query(client, carla, django_assert_num_queries):
    inquiries, david = some_inquiries(6), a_clinician()
    references = [inquiry.reference for inquiry in inquiries]
    with django_assert_num_queries(1):
        bulk_assign._assigned_by_others(references, since=timezone.now(), by=david)


def test_there_is_no_other_admin_action(client, carla):
    inquiry = an_inquiry()
    client.post(QUEUE, {"action": "delete_selected", "_selected_action": inquiry.pk, "index": "0", "post": "yes"})

    assert Inquiry.objects.filter(pk=inquiry.pk).exists()
