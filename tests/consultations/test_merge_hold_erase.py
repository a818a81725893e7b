"""Merging two requests, legal hold, erasing at the patient's wish."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry, Note, PurgeCertificate
from gutskin.audit.models import AuditEvent
from tests.consultations.desk_pages import STORY, html_of, page_of
from tests.consultations.factories import a_clinician, a_coordinator, an_inquiry
from tests.staff_session import older_login

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
    assert "Answers this one too" in html_of(client, first)
    assert again.notes.count() == 1
    merged = AuditEvent.objects.filter(action="merged").values_list("reference", "detail")
    assert set(merged) == {(first.reference, again.reference), (again.reference, first.reference)}


def test_the_one_that_goes_on_is_as_urgent_and_due_as_soon_as_the_other_was(david):
    first, again = an_inquiry(), an_inquiry()
    actions.set_urgency(again, to="urgent", by=david)

    actions.merge(again, into=first, by=david)

    first.refresh_from_db()
    assert (first.urgency, first.due_at) == ("urgent", again.due_at)
    assert AuditEvent.objects.filter(action="urgency_changed", reference=first.reference).exists()


@pytest.mark.parametrize("asks", [False, True])
def test_merged_into_one_that_was_answered_it_is_owed_a_reply_there(david, asks):
    first, again = an_inquiry(), an_inquiry()
    actions.reply(first, text="Use a cream.", key=uuid.uuid4(), by=david, asks=asks)
    actions.set_urgency(again, to="urgent", by=david)

    actions.merge(again, into=first, by=david)

    first.refresh_from_db()
    assert (first.status, first.urgency, first.due_at) == ("in_triage", "urgent", again.due_at)
    moved = AuditEvent.objects.get(action="status_changed", reference=first.reference)
    assert moved.detail.endswith("→ in_triage")


def test_one_that_was_answered_opens_nothing_when_it_is_merged(david):
    first, again = an_inquiry(), an_inquiry()
    for inquiry in (first, again):
        actions.change_status(inquiry, to="in_triage", by=david)
        actions.change_status(inquiry, to="answered", by=david)
        actions.change_status(inquiry, to="in_triage", by=david)
    actions.change_status(again, to="answered", by=david)
    due = first.due_at

    actions.merge(again, into=first, by=david)

    first.refresh_from_db()
    assert (first.status, first.due_at) == ("in_triage", due)


def test_an_old_duplicate_does_not_make_the_new_one_due_before_it_came(david):
    old, new = an_inquiry(), an_inquiry()
    long_ago = timezone.now() - timedelta(days=40)
    Inquiry.objects.filter(pk=old.pk).update(received_at=long_ago, due_at=long_ago + timedelta(days=9))

    actions.merge(old, into=new, by=david)

    new.refresh_from_db()
    assert new.due_at == new.received_at


def test_opened_again_it_is_answered_for_itself(david):
    first, again = an_inquiry(), an_inquiry()
    actions.merge(again, into=first, by=david)

    actions.receive_message(again, text="It is something else.", key=uuid.uuid4())

    again.refresh_from_db()
    assert (again.status, again.merged_into, again.outcome) == ("in_triage", None, "")


def test_what_cannot_be_merged(client, david):
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


def test_another_address_needs_a_coordinator_who_confirms(client, david):
    first, other = an_inquiry(), an_inquiry(email="amina.at.work@example.org")
    assert merge(client, other, first.reference, confirmed="on").status_code == 409

    client.force_login(a_coordinator())
    assert merge(client, other, first.reference).status_code == 409
    assert merge(client, other, first.reference, confirmed="on").status_code == 302


def test_a_request_that_one_does_not_see_is_no_target(client, david):
    hidden, mine = an_inquiry(), an_inquiry()
    narrow = a_clinician("nora", team=None)
    actions.assign(mine, to=narrow, by=david)
    client.force_login(narrow)

    assert "There is no such request" in merge(client, mine, hidden.reference).content.decode()
    with pytest.raises(actions.NotPermitted):
        actions.merge(mine, into=hidden, by=narrow)


def test_a_legal_hold_has_its_reason_as_a_note_and_can_be_lifted(client, carla):
    inquiry = an_inquiry()
    hold = {"text": "A complaint is under way.", "step": "hold"}
    client.post(page_of(inquiry, "hold"), hold)

    assert Inquiry.objects.get().held_at is not None
    assert [note.text for note in Note.objects.all()] == ["A complaint is under way."]
    assert "Legal hold" in html_of(client, inquiry)
    assert "already on legal hold" in client.post(page_of(inquiry, "hold"), hold).content.decode()

    client.post(page_of(inquiry, "hold"), {"text": "It is settled.", "step": "release"})
    assert Inquiry.objects.get().held_at is None
    acts = AuditEvent.objects.filter(action__in=["held", "released"]).order_by("sequence")
    assert [(event.action, event.detail) for event in acts] == [("held", ""), ("released", "")]


def test_a_hold_without_a_reason_is_none(client, carla):
    response = client.post(page_of(an_inquiry(), "hold"), {"text": " ", "step": "hold"})

    assert "Write the reason first." in response.content.decode()
    assert Inquiry.objects.get().held_at is None


@pytest.mark.parametrize("step", ["hold", "erase"])
def test_a_clinician_neither_holds_nor_erases(client, david, step):
    inquiry = an_inquiry()
    form = {"text": "I say so.", "step": "hold", "reference": inquiry.reference}

    assert client.post(page_of(inquiry, step), form).status_code == 403
    assert Inquiry.objects.get().held_at is None
    assert "Keeping and erasing" not in html_of(client, inquiry)


def test_erasing_takes_two_steps_and_the_reference(client, carla):
    inquiry = an_inquiry()
    actions.assign(inquiry, to=a_clinician(), note="Hers.", by=carla)
    page = client.get(page_of(inquiry, "erase")).content.decode()
    assert "It cannot be brought back here" in page
    assert not [text for text in STORY if text in page]

    wrong = client.post(page_of(inquiry, "erase"), {"reference": "GS-AAAA-AAAA"})
    assert "This is not the reference" in wrong.content.decode()
    assert Inquiry.objects.exists()

    done = client.post(page_of(inquiry, "erase"), {"reference": inquiry.reference.lower()}, follow=True)
    assert f"{inquiry.reference} is erased." in done.content.decode()
    assert not Inquiry.objects.exists()
    assert not Note.objects.exists()
    assert PurgeCertificate.objects.get().cause == "patient"
    assert AuditEvent.objects.get(action="erased").actor == "carla"


def test_erasing_asks_again_who_one_is(client, carla):
    inquiry = an_inquiry()
    older_login(client, carla)

    response = client.post(page_of(inquiry, "erase"), {"reference": inquiry.reference})

    assert response.headers["Location"].startswith("/accounts/")
    assert Inquiry.objects.exists()


def test_on_legal_hold_nothing_is_erased(client, carla):
    inquiry = an_inquiry()
    actions.hold(inquiry, reason="A complaint.", by=carla)

    assert "on legal hold" in client.get(page_of(inquiry, "erase")).content.decode()
    response = client.post(page_of(inquiry, "erase"), {"reference": inquiry.reference})

    assert response.status_code == 409
    assert Inquiry.objects.exists()
    with pytest.raises(actions.OnHold):
        actions.erase_for_patient(inquiry, by=carla)
