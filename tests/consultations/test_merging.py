"""Merging two requests of one person."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.access import access_for
from consultations.models import Inquiry, Note
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.consultations.factories import ANSWERS, a_clinician, a_coordinator, a_superuser, an_inquiry
from tests.consultations.staff_pages import html_of, page_of, with_a_reason
from tests.consultations.test_contact import sent
from tests.consultations.visits import STATUS, in_a_visit, page

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


def test_the_remaining_request_takes_over_the_assignee_if_no_one_has_it(client, david):
    first, again = an_inquiry(), an_inquiry()
    maria, has_left = a_clinician("maria"), a_clinician("zoe")
    actions.assign(first, to=has_left, by=david)
    actions.assign(again, to=maria, by=david)
    has_left.is_active = False
    has_left.save()

    response = client.post(page_of(again, "merge"), {"into": first.reference, "seen": "0"}, follow=True)

    assert "It is assigned to maria now." in response.content.decode()
    first.refresh_from_db()
    assert first.assignee == maria
    event = AuditEvent.objects.filter(action="assigned", reference=first.reference).first()
    assert (event.actor, event.detail) == ("david", "maria")


@pytest.mark.parametrize("why", ["it has one", "has left", "answers no more"])
def test_otherwise_its_assignee_stays(david, why):
    first, again = an_inquiry(), an_inquiry()
    maria = a_clinician("maria")
    actions.assign(again, to=maria, by=david)
    if why == "it has one":
        actions.assign(first, to=david, by=david)
    elif why == "has left":
        maria.is_active = False
        maria.save()
    else:
        maria.groups.clear()

    actions.merge(again, into=first, by=david)

    first.refresh_from_db()
    assert first.assignee == (david if why == "it has one" else None)


def test_a_superuser_gets_no_request_by_merging_and_the_privacy_lead_is_told_of_others(david, settings):
    settings.PRIVACY_EMAIL = "privacy@clinic.example"
    root = a_superuser()
    root.groups.set(david.groups.all())
    first, again, third = an_inquiry(), an_inquiry(), an_inquiry()
    actions.assign(again, to=root, by=david)
    actions.merge(again, into=first, by=root)
    first.refresh_from_db()
    assert first.assignee is None

    actions.assign(first, to=david, by=david)
    actions.merge(first, into=third, by=root)

    assigned = AuditEvent.objects.get(action="assigned", reference=third.reference)
    (mail,) = [mail for mail in Notification.objects.all() if mail.about == assigned]
    assert mail.recipient == "privacy@clinic.example"


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


AT_WORK = "amina.at.work@example.org"
KNOWN = "She rang, and read out both references."


@pytest.fixture
def first():
    return an_inquiry()


@pytest.fixture
def other():
    """A request from another address."""
    return an_inquiry(email=AT_WORK)


def test_a_different_address_needs_a_coordinator_who_confirms_and_says_how_they_know(client, david, first, other):
    assert merge(client, other, first.reference, confirmed="on", how_known=KNOWN).status_code == 409

    client.force_login(a_coordinator())
    for form in ({}, {"confirmed": "on"}, {"how_known": KNOWN}, {"confirmed": "on", "how_known": " "}):
        response = merge(client, other, first.reference, **form)
        assert response.status_code == 409
        assert "say how you know" in response.content.decode()
    assert KNOWN in merge(client, other, first.reference, how_known=KNOWN).content.decode()
    assert not Inquiry.objects.filter(merged_into__isnull=False).exists()
    assert merge(client, other, first.reference, confirmed="on", how_known=KNOWN).status_code == 302
    assert [note.text for note in Note.objects.all()] == [KNOWN, KNOWN]
    assert set(Note.objects.values_list("inquiry", flat=True)) == {first.pk, other.pk}
    merged = AuditEvent.objects.filter(action="merged").values_list("reference", "detail")
    assert set(merged) == {
        (first.reference, f"{other.reference} → other_address"),
        (other.reference, f"{first.reference} → other_address"),
    }
    assert AuditEvent.objects.filter(action="note_added").count() == 2
    assert f"{other.reference} → from another e-mail address" in html_of(client, first)


def test_who_may_not_see_who_wrote_does_not_merge_different_addresses(client, first, other):
    root = a_superuser()
    client.force_login(root)
    response = merge(client, other, first.reference, confirmed="on", how_known=KNOWN)

    assert response.status_code == 409
    assert "You cannot see who wrote" in response.content.decode()
    for each in (first, other):
        with_a_reason(each, root)
    assert merge(client, other, first.reference, confirmed="on", how_known=KNOWN).status_code == 302


def merge_different(first, other):
    actions.merge(other, into=first, by=a_coordinator(), confirmed_as_one_person=True, how_known=KNOWN)
    for each in (first, other):
        each.refresh_from_db()


def test_both_addresses_are_told(first, other, mailoutbox):
    sent(mailoutbox)
    merge_different(first, other)

    told = dict(sent(mailoutbox))
    assert set(told) == {first.email, AT_WORK}
    bodies = {mail.to[0]: (mail.body, mail.alternatives[0].content) for mail in mailoutbox}
    for text in bodies[AT_WORK]:
        assert first.reference in text
        assert other.reference in text
    for text in bodies[first.email]:
        assert first.reference in text
        assert "another e-mail address" in text
    whole = "".join(told.values()) + "".join(text for pair in bodies.values() for text in pair)
    assert not [hidden for hidden in ("Amina", "scaly", first.email, AT_WORK, KNOWN) if hidden in whole]


@pytest.mark.parametrize(
    ("refused", "by_phone", "said"),
    [
        (False, False, "Both addresses get an e-mail."),
        (True, False, "No e-mail is sent about {other}: phone the patient, if they allow it."),
        (False, True, "No e-mail is sent about {other}: phone the patient, if they allow it."),
    ],
)
def test_no_mail_to_a_wrong_address_or_to_who_wants_to_be_phoned(client, mailoutbox, refused, by_phone, said):
    wish = {"preferred_contact": "phone", "phone": "020 7946 0018"} if by_phone else {}
    first, other = an_inquiry(), an_inquiry(email=AT_WORK, **wish)
    if refused:
        actions.refuse_address(other)
    sent(mailoutbox)
    client.force_login(a_coordinator())

    merge(client, other, first.reference, confirmed="on", how_known=KNOWN)

    assert said.format(other=other.reference) in html_of(client, first)
    assert (AT_WORK in dict(sent(mailoutbox))) == (not refused and not by_phone)


def test_the_same_address_is_told_by_no_mail_and_nothing_is_said_of_it(client, david, first, mailoutbox):
    again = an_inquiry()
    sent(mailoutbox)
    merge(client, again, first.reference)

    assert sent(mailoutbox) == []
    assert "get an e-mail" not in html_of(client, again)


def test_a_mail_about_a_merge_that_was_undone_is_not_sent(first, other, mailoutbox):
    sent(mailoutbox)
    merge_different(first, other)
    actions.receive_message(other, text="I sent only this one.", key=uuid.uuid4())

    assert {first.email, AT_WORK}.isdisjoint(dict(sent(mailoutbox)))


def test_a_mailbox_that_is_somebody_elses_gets_no_mail_about_a_merge(first, other, mailoutbox):
    sent(mailoutbox)
    merge_different(first, other)
    actions.refuse_address(other)

    assert AT_WORK not in dict(sent(mailoutbox))


@pytest.mark.parametrize("email", [ANSWERS["email"], AT_WORK])
def test_the_status_page_says_a_way_out_that_works(client, email):
    first, again = an_inquiry(), an_inquiry(email=email)
    is_same = email == first.email
    actions.merge(
        again, into=first, by=a_coordinator(), confirmed_as_one_person=not is_same, how_known="" if is_same else KNOWN
    )
    text = page(in_a_visit(client, again))

    assert first.reference in text
    assert "the e-mail address that you gave with it" in text
    assert "did not send" in text
    client.post(f"{STATUS}message/", {"text": "I did not send the other one.", "key": str(uuid.uuid4())})
    again.refresh_from_db()
    assert (again.status, again.merged_into) == ("in_triage", None)


def test_a_hidden_request_cannot_be_merged_into(client, david):
    hidden, mine = an_inquiry(), an_inquiry()
    narrow = a_clinician("nora", team=None)
    actions.assign(mine, to=narrow, by=david)
    client.force_login(narrow)

    assert "There is no such request" in merge(client, mine, hidden.reference).content.decode()
    with pytest.raises(actions.NotPermitted):
        actions.merge(mine, into=hidden, by=narrow)


def test_a_merge_into_a_merged_request_leads_to_the_last_one(carla):
    first, second, third = an_inquiry(), an_inquiry(address="192.0.2.2"), an_inquiry(address="192.0.2.3")
    actions.merge(first, into=second, by=carla)
    actions.merge(second, into=third, by=carla)

    assert set(third.merged.all()) == {first, second}
    assert not second.merged.exists()


def test_who_answers_the_other_request_reads_this_one_too(carla):
    """Otherwise they would answer a story that they cannot see."""
    hidden, mine = an_inquiry(), an_inquiry(address="192.0.2.2")
    david = a_clinician(team=None)
    actions.assign(mine, to=david, by=carla)
    assert not Inquiry.objects.visible_to(david).filter(pk=hidden.pk).exists()
    actions.merge(hidden, into=mine, by=carla)

    assert Inquiry.objects.visible_to(david).filter(pk=hidden.pk).exists()
    assert access_for(david, Inquiry.objects.get(pk=hidden.pk)).story


def test_no_e_mail_about_one_is_no_e_mail_about_those_answered_with_it(carla):
    closed, answered = an_inquiry(), an_inquiry(address="192.0.2.2")
    an_inquiry(address="192.0.2.3")
    actions.merge(closed, into=answered, by=carla)
    actions.correct_contact(Inquiry.objects.get(pk=closed.pk), email="")

    assert [each.takes_mail for each in Inquiry.objects.order_by("pk")] == [False, False, True]
    assert not Inquiry.objects.get(pk=answered.pk).notifications.filter(kind="receipt").exists()
