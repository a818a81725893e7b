import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from consultations import actions
from consultations.models import STATUS_STEPS, Inquiry, Status
from consultations.queue.due_dates import reply_due
from consultations.queue.tabs import in_tab
from consultations.request_numbers import ALPHABET
from gutskin.audit.models import AppendOnly, AuditEvent
from tests.consultations.factories import a_clinician, a_coordinator, an_author, an_inquiry, some_inquiries

pytestmark = pytest.mark.django_db

MINIMAL = {Status.CLOSED: {"closed_at"}, Status.WITHDRAWN: {"closed_at"}, Status.SPAM: {"closed_at"}}


def put_in(status):
    inquiry = an_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(
        status=status,
        closed_at=timezone.now() if status in MINIMAL else None,
        answered_at=timezone.now() if status == Status.ANSWERED else None,
    )
    inquiry.refresh_from_db()
    return inquiry


@pytest.mark.parametrize("current", Status)
@pytest.mark.parametrize("wanted", Status)
def test_the_status_changes_only_by_allowed_steps(current, wanted):
    carla, inquiry = a_coordinator(), put_in(current)

    if wanted in STATUS_STEPS[current]:
        said = {"note": "On the phone."}
        needed = {Status.CLOSED: {"outcome": "advice_given"}, Status.ANSWERED: said, Status.WITHDRAWN: said}
        actions.change_status(inquiry, to=wanted, by=carla, **needed.get(wanted, {}))
        expected = wanted
    else:
        with pytest.raises(actions.StepNotAllowed):
            actions.change_status(inquiry, to=wanted, by=carla)
        expected = current
    assert Inquiry.objects.get().status == expected


def test_every_status_has_a_list_of_next_steps():
    assert STATUS_STEPS.keys() == set(Status)


def test_a_status_change_is_recorded():
    inquiry = an_inquiry()

    actions.change_status(inquiry, to="in_triage", by=a_coordinator())

    event = AuditEvent.objects.first()
    assert (event.actor, event.action, event.reference, event.detail) == (
        "carla",
        "status_changed",
        inquiry.reference,
        "new → in_triage",
    )


def test_a_step_is_checked_against_the_current_status():
    inquiry = an_inquiry()
    seen_before = Inquiry.objects.get()
    actions.change_status(inquiry, to="spam", by=a_coordinator())

    with pytest.raises(actions.StepNotAllowed, match="Spam"):
        actions.change_status(seen_before, to="withdrawn", note="She rang.", by=a_clinician())


def test_a_status_that_does_not_exist_is_refused():
    with pytest.raises(actions.StepNotAllowed):
        actions.change_status(an_inquiry(), to="burnt", by=a_coordinator())


def test_the_time_of_the_first_reply_does_not_change():
    inquiry, carla = an_inquiry(), a_coordinator()
    with time_machine.travel(datetime(2027, 3, 1, 9, tzinfo=UTC), tick=False):
        actions.change_status(inquiry, to="in_triage", by=carla)
        actions.change_status(inquiry, to="answered", note="On the phone.", by=carla)
    with time_machine.travel(datetime(2027, 3, 8, 9, tzinfo=UTC), tick=False):
        actions.change_status(inquiry, to="in_triage", by=carla)
        actions.change_status(inquiry, to="answered", note="On the phone.", by=carla)

    assert Inquiry.objects.get().answered_at == datetime(2027, 3, 1, 9, tzinfo=UTC)


def test_reopening_clears_the_closing_date_and_outcome():
    inquiry, carla = put_in(Status.CLOSED), a_coordinator()

    actions.change_status(inquiry, to="in_triage", by=carla)

    assert Inquiry.objects.get().closed_at is None


def test_assign_and_unassign():
    inquiry, carla, david = an_inquiry(), a_coordinator(), a_clinician()

    actions.assign(inquiry, to=david, by=carla)
    assert Inquiry.objects.get().assignee == david
    actions.assign(inquiry, to=None, by=carla)
    assert Inquiry.objects.get().assignee is None
    assert [event.detail for event in AuditEvent.objects.filter(action="assigned")] == ["", "david"]


def test_only_colleagues_who_answer_requests_can_be_assigned():
    with pytest.raises(actions.CannotBeAssigned, match="aisha"):
        actions.assign(an_inquiry(), to=an_author(), by=a_coordinator())


def test_a_colleague_who_has_left_cannot_be_assigned():
    david = a_clinician()
    david.is_active = False

    with pytest.raises(actions.CannotBeAssigned):
        actions.assign(an_inquiry(), to=david, by=a_coordinator())


def test_a_departed_assignee_leaves_the_request_in_the_queue():
    inquiry, david = an_inquiry(), a_clinician()
    actions.assign(inquiry, to=david, by=a_coordinator())

    david.delete()

    assert in_tab("unassigned", Inquiry.objects.all(), None).get() == inquiry


def test_a_new_urgency_is_recorded_once():
    inquiry, carla = an_inquiry(), a_coordinator()

    actions.set_urgency(inquiry, to="urgent", by=carla)
    actions.set_urgency(inquiry, to="urgent", by=carla)

    assert [event.detail for event in AuditEvent.objects.filter(action="urgency_changed")] == ["routine → urgent"]


def moment(text):
    return time_machine.travel(datetime.fromisoformat(f"2026-{text}T10:00:00+00:00"), tick=False)


def test_a_new_urgency_counts_from_when_the_patient_wrote_again():
    with moment("09-01"):
        inquiry, david = an_inquiry(), a_clinician()
        actions.reply(inquiry, text="Use a cream.", key=uuid.uuid4(), by=david)
    with moment("11-23"):
        actions.receive_message(inquiry, text="It is worse.", key=uuid.uuid4())
        actions.set_urgency(inquiry, to="soon", by=david)

    inquiry.refresh_from_db()
    assert timezone.localdate(inquiry.due_at).isoformat() == "2026-11-26"


@pytest.mark.parametrize(
    ("steps", "due"),
    [
        (["in_triage", "answered"], "2026-12-07"),
        (["in_triage", "waiting_for_patient"], "2026-12-07"),
        (["in_triage", "closed"], "2026-12-07"),
        # It was marked as spam by mistake and has been waiting all along.
        (["in_triage", "spam"], "2026-09-15"),
    ],
)
def test_reopening_restarts_the_time_to_reply(steps, due):
    with moment("09-01"):
        inquiry, carla = an_inquiry(), a_coordinator()
        for status in steps:
            needed = {"closed": {"outcome": "not_for_us"}, "answered": {"note": "On the phone."}}
            actions.change_status(inquiry, to=status, by=carla, **needed.get(status, {}))
    with moment("11-23"):
        actions.change_status(inquiry, to="in_triage", by=carla)

    inquiry.refresh_from_db()
    assert timezone.localdate(inquiry.due_at).isoformat() == due


def test_a_note_is_saved_and_the_audit_event_does_not_hold_its_text():
    inquiry = an_inquiry()

    actions.add_note(inquiry, text="Sounds like psoriasis.", by=a_clinician())

    assert inquiry.notes.get().text == "Sounds like psoriasis."
    event = AuditEvent.objects.first()
    assert (event.action, event.detail) == ("note_added", "")


def test_a_note_that_is_sent_twice_is_one_note():
    inquiry, david, maria = an_inquiry(), a_clinician(), a_clinician("maria")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for by, text in ((david, "She called."), (maria, "She called."), (david, "She called."), (david, "No answer.")):
            actions.add_note(inquiry, text=text, by=by)

        assert sorted(note.text for note in inquiry.notes.all()) == ["No answer.", "She called.", "She called."]
        assert AuditEvent.objects.filter(action="note_added").count() == 3
        # Tried once more, some minutes later.
        clock.shift(timedelta(minutes=5))
        actions.add_note(inquiry, text="No answer.", by=david)
        assert inquiry.notes.count() == 4


def test_what_cannot_be_recorded_does_not_happen(monkeypatch):
    inquiry = an_inquiry()

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(AuditEvent, "save", broken)
    with pytest.raises(RuntimeError):
        actions.change_status(inquiry, to="in_triage", by=a_coordinator())
    assert Inquiry.objects.get().status == "new"


def test_audit_events_are_only_added():
    an_inquiry()
    event = AuditEvent.objects.get()

    event.actor = "nobody"
    for change in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(actor="nobody"),
        lambda: AuditEvent.objects.bulk_update([event], ["actor"]),
        lambda: AuditEvent.objects.update_or_create({"actor": "nobody"}, pk=event.pk),
    ):
        with pytest.raises(AppendOnly):
            change()
    assert AuditEvent.objects.get().actor == "patient"


@pytest.mark.parametrize(
    "impossible",
    [
        {"status": "burnt"},
        {"urgency": "whenever"},
        {"status": "closed"},
        {"status": "answered"},
        {"closed_at": datetime(2027, 1, 1, tzinfo=UTC)},
        {"due_at": datetime(2001, 1, 1, tzinfo=UTC)},
        {"reference": "12345"},
    ],
)
def test_database_constraints(impossible):
    an_inquiry()
    with pytest.raises(IntegrityError), transaction.atomic():
        Inquiry.objects.update(**impossible)


def test_a_reference_has_no_characters_that_sound_or_look_alike():
    start, first, second = an_inquiry().reference.split("-")

    assert start == "GS"
    assert len(first) == len(second) == 4
    assert set(first + second) <= set(ALPHABET)
    assert not set("IO01") & set(ALPHABET)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-23 10:00", "2026-12-07"),  # a Monday
        ("2026-11-27 23:30", "2026-12-11"),  # a Friday, late
        ("2026-11-28 10:00", "2026-12-11"),  # a Saturday
        ("2026-07-05 23:30", "2026-07-20"),  # still Sunday in UTC, Monday in London
    ],
)
def test_reply_is_due_after_ten_working_days(settings, received, due):
    settings.REPLY_WITHIN_WORKING_DAYS, settings.TIME_ZONE = 10, "Europe/London"
    moment = datetime.fromisoformat(received).replace(tzinfo=UTC)

    assert f"{timezone.localdate(reply_due(moment))}" == due
    assert timezone.localtime(reply_due(moment)).hour == 23


def test_queue_is_overdue_first_then_what_is_due_soonest():
    late, soonest, latest = some_inquiries(3)
    now = timezone.now()
    for inquiry, days, due in ((late, 30, -1), (soonest, 2, 5), (latest, 1, 6)):
        Inquiry.objects.filter(pk=inquiry.pk).update(
            received_at=now - timedelta(days=days), due_at=now + timedelta(days=due)
        )

    assert list(Inquiry.objects.as_queue()) == [late, soonest, latest]


def test_an_answered_request_is_never_overdue():
    inquiry = put_in(Status.ANSWERED)
    Inquiry.objects.update(received_at=timezone.now() - timedelta(days=30), due_at=timezone.now() - timedelta(days=1))
    inquiry.refresh_from_db()

    assert not inquiry.is_overdue
    assert not in_tab("overdue", Inquiry.objects.all(), None).exists()


def test_which_requests_are_visible_to_whom():
    mine, hers, nobodys = some_inquiries(3)
    carla, david, maria = a_coordinator(), a_clinician(team=None), a_clinician("maria")
    actions.assign(mine, to=david, by=carla)
    actions.assign(hers, to=maria, by=carla)

    assert set(Inquiry.objects.visible_to(carla)) == {mine, hers, nobodys}
    assert set(Inquiry.objects.visible_to(david)) == {mine}
    assert set(Inquiry.objects.visible_to(maria)) == {mine, hers, nobodys}
    assert not Inquiry.objects.visible_to(an_author()).exists()
