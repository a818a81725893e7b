"""Merging two requests of one person."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import a_clinician, a_coordinator, an_inquiry
from tests.consultations.staff_pages import html_of, page_of

pytestmark = pytest.mark.django_db


def merge(client, inquiry, reference, **form):
    return client.post(page_of(inquiry, "merge"), {"into": reference, "seen": "0"} | form)


def test_a_duplicate_is_closed_and_linked_both_ways(client, david):
    first, again = an_inquiry(), an_inquiry()
    actions.add_note(again, text="The same rash.", by=david)

    assert merge(client, again, f" {first.reference.lower()} ").status_code == 302

    again.refresh_from_db()
    assert (again.status, again.outcome, again.merged_into) == ("closed", "duplicate", first)
    assert first.reference in html_of(client, again)
    assert "This also answers" in html_of(client, first)
    assert again.notes.count() == 1
    merged = AuditEvent.objects.filter(action="merged").values_list("reference", "detail")
    assert set(merged) == {(first.reference, again.reference), (again.reference, first.reference)}


def test_the_remaining_request_takes_over_urgency_and_due_date(david):
    first, again = an_inquiry(), an_inquiry()
    actions.set_urgency(again, to="urgent", by=david)

    actions.merge(again, into=first, by=david)

    first.refresh_from_db()
    assert (first.urgency, first.due_at) == ("urgent", again.due_at)
    assert AuditEvent.objects.filter(action="urgency_changed", reference=first.reference).exists()


@pytest.mark.parametrize("asks", [False, True])
def test_merging_an_open_request_reopens_an_answered_one(david, asks):
    first, again = an_inquiry(), an_inquiry()
    actions.reply(first, text="Use a cream.", key=uuid.uuid4(), by=david, asks=asks)
    actions.set_urgency(again, to="urgent", by=david)

    actions.merge(again, into=first, by=david)

    first.refresh_from_db()
    assert (first.status, first.urgency, first.due_at) == ("in_triage", "urgent", again.due_at)
    moved = AuditEvent.objects.get(action="status_changed", reference=first.reference)
    assert moved.detail.endswith("→ in_triage")


def test_merging_an_answered_request_reopens_nothing(david):
    first, again = an_inquiry(), an_inquiry()
    for inquiry in (first, again):
        actions.change_status(inquiry, to="in_triage", by=david)
        actions.change_status(inquiry, to="answered", note="On the phone.", by=david)
        actions.change_status(inquiry, to="in_triage", by=david)
    actions.change_status(again, to="answered", note="On the phone.", by=david)
    due = first.due_at

    actions.merge(again, into=first, by=david)

    first.refresh_from_db()
    assert (first.status, first.due_at) == ("in_triage", due)


def test_merging_an_old_request_does_not_make_the_other_due_before_it_was_received(david):
    old, new = an_inquiry(), an_inquiry()
    long_ago = timezone.now() - timedelta(days=40)
    Inquiry.objects.filter(pk=old.pk).update(received_at=long_ago, due_at=long_ago + timedelta(days=9))

    actions.merge(old, into=new, by=david)

    new.refresh_from_db()
    assert new.due_at == new.received_at


def test_a_reopened_duplicate_is_no_longer_merged(david):
    first, again = an_inquiry(), an_inquiry()
    actions.merge(again, into=first, by=david)

    actions.receive_message(again, text="It is something else.", key=uuid.uuid4())

    again.refresh_from_db()
    assert (again.status, again.merged_into, again.outcome) == ("in_triage", None, "")


def test_requests_that_cannot_be_merged(client, david):
    open_one, over = an_inquiry(), an_inquiry()
    actions.change_status(over, to="spam", by=david)
    actions.set_urgency(open_one, to="urgent", by=david)

    for wish, said in (
        (open_one.reference, "cannot be merged with itself"),
        (over.reference, "is over. Open that one again first"),
        ("GS-AAAA-AAAA", "There is no such request"),
        ("", "Type the reference"),
        (f"{over.reference}\0", "invisible character"),
    ):
        response = merge(client, open_one, wish)
        assert said in response.content.decode(), wish
    assert merge(client, over, open_one.reference).status_code == 409
    assert not Inquiry.objects.filter(merged_into__isnull=False).exists()


def test_two_requests_cannot_be_merged_into_each_other(david):
    first, again = an_inquiry(), an_inquiry()
    actions.merge(again, into=first, by=david)

    with pytest.raises(actions.StepNotAllowed):
        actions.merge(again, into=first, by=david)
    with pytest.raises(actions.CannotBeMerged):
        actions.merge(first, into=again, by=david)


def test_a_different_address_needs_a_coordinator_who_confirms(client, david):
    first, other = an_inquiry(), an_inquiry(email="amina.at.work@example.org")
    assert merge(client, other, first.reference, confirmed="on").status_code == 409

    client.force_login(a_coordinator())
    assert merge(client, other, first.reference).status_code == 409
    assert merge(client, other, first.reference, confirmed="on").status_code == 302


def test_a_hidden_request_cannot_be_merged_into(client, david):
    hidden, mine = an_inquiry(), an_inquiry()
    narrow = a_clinician("nora", team=None)
    actions.assign(mine, to=narrow, by=david)
    client.force_login(narrow)

    assert "There is no such request" in merge(client, mine, hidden.reference).content.decode()
    with pytest.raises(actions.NotPermitted):
        actions.merge(mine, into=hidden, by=narrow)
