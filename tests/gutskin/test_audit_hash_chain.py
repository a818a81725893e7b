from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from consultations import actions
from gutskin.audit.hash_chain import _detail_digest, broken_links, link, record
from gutskin.audit.head_watch import HeadWatch
from gutskin.audit.models import AppendOnly, AuditEvent, AuditHead
from gutskin.mail import jobs
from tests.audit_log import changed_by_hand
from tests.consultations.factories import a_coordinator, an_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_events():
    inquiry, carla = an_inquiry(), a_coordinator()
    actions.change_status(inquiry, to="in_triage", by=carla)
    actions.record_view(inquiry, by=carla)
    return inquiry


def test_the_log_is_numbered_without_a_gap_and_intact(three_events):
    assert list(AuditEvent.objects.order_by("pk").values_list("sequence", flat=True)) == [1, 2, 3]
    assert list(broken_links()) == []


@pytest.mark.parametrize(
    "field, value",
    [
        ("actor", "somebody-else"),
        ("action", "viewed"),
        ("reference", "GS-AAAA-AAAA"),
        ("at", "2026-01-01T00:00:00Z"),
        ("digest", "0" * 64),
    ],
)
def test_a_row_changed_by_hand_breaks_the_chain(three_events, field, value):
    changed_by_hand(2, **{field: value})

    assert "Event 2 is not what was written." in list(broken_links())


def test_the_command_names_each_place_and_counts_them(three_events):
    printed = StringIO()
    changed_by_hand(2, detail="new → spam")
    changed_by_hand(3, detail="new → spam")

    with pytest.raises(CommandError, match=r"broken in 2 places\."):
        call_command("verify_audit_log", stderr=printed)
    assert printed.getvalue().count("is not what was written.\n") == 2


def test_a_changed_detail_is_noticed(three_events):
    changed_by_hand(2, detail="new → spam")

    assert list(broken_links()) == ["The detail of event 2 is not what was written."]


def test_a_removed_row_is_noticed(three_events):
    events = AuditEvent.objects.filter(sequence=2)
    super(type(events), events).delete()

    assert "Between 1 and 3 events are missing." in list(broken_links())


def test_a_cut_off_end_is_noticed(three_events):
    events = AuditEvent.objects.filter(sequence=3)
    super(type(events), events).delete()

    assert list(broken_links()) == ["The log ends at 2, and should end at 3."]


def test_an_end_cut_off_together_with_the_head_row_is_noticed_by_comparing_with_a_kept_number(three_events):
    output = StringIO()
    call_command("verify_audit_log", stdout=output)
    kept = output.getvalue().split()[-1]
    events = AuditEvent.objects.filter(sequence=3)
    super(type(events), events).delete()
    last = AuditEvent.objects.get(sequence=2)
    AuditHead.objects.update(sequence=2, digest=last.digest)

    call_command("verify_audit_log", stdout=StringIO())
    with pytest.raises(CommandError, match=r"broken in 1 place\."):
        call_command("verify_audit_log", expect=kept, stderr=StringIO())


def test_details_are_erased_with_the_request_and_the_chain_stays_intact(three_events):
    AuditEvent.objects.about(three_events.reference).erase_details()
    assert list(broken_links()) == [
        f"The detail of event {number} was removed, and its request was not erased." for number in (2, 3)
    ]

    record(AuditEvent.Action.ERASED, by="patient", reference=three_events.reference)
    assert list(broken_links()) == []


def test_the_digest_cannot_be_made_without_the_key(three_events, settings):
    settings.DIGEST_KEY = "another key"

    assert len(list(broken_links())) >= 3


def test_an_event_added_behind_the_head_row_is_noticed(three_events):
    """Even by somebody who has DIGEST_KEY."""
    last = AuditEvent.objects.get(sequence=3)
    added = AuditEvent(sequence=4, actor="carla", action="viewed", detail_digest=last.detail_digest)
    added.detail_digest = _detail_digest(added)
    added.digest = link(added, last.digest)
    added.save()

    assert list(broken_links()) == ["The log ends at 4, and should end at 3."]


def test_the_first_event_is_checked_too_unless_a_later_one_is_named(three_events):
    changed_by_hand(1, actor="somebody-else")

    assert list(broken_links()) == ["Event 1 is not what was written."]
    assert list(broken_links(since=2)) == []
    assert list(broken_links(since=4)) == []
    assert list(broken_links(since=5)) == ["The log ends at 4, and should end at 3."]


def test_what_the_digests_are_computed_over_stays_as_it_is(settings):
    """Logs that exist were written so: a different computation would report every one of their events."""
    settings.DIGEST_KEY = "a key of this test"
    at = datetime(2026, 11, 30, 9, 30, 0, 123456, tzinfo=ZoneInfo("Asia/Kolkata"))
    event = AuditEvent(sequence=7, at=at, actor="carla", action="viewed", reference="GS-7K4M-2XQP", detail="new → spam")
    event.detail_digest = _detail_digest(event)

    assert event.detail_digest == "9fa7e8aa93a5cbd31af5f172de41927ca63c860ac1195885d4b85156ca18e681"
    assert link(event, "0" * 64) == "8ce30940bd586ad1a658d6ce98bcaef39058ab991f56b0ff1fda625897d49041"


def test_an_invalid_number_is_reported(three_events):
    with pytest.raises(CommandError, match="--expect takes"):
        call_command("verify_audit_log", expect="yesterday")


def test_events_are_only_added(three_events):
    event = AuditEvent.objects.first()
    for attempt in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(AppendOnly):
            attempt()


def test_the_mail_worker_prints_the_end_once_a_day_and_notices_that_it_is_gone(three_events, time_machine, caplog):
    watch = HeadWatch()
    end = f"3:{AuditHead.objects.get().digest}"
    assert list(watch()) == [f"The audit log ends with {end}"]
    actions.record_view(three_events, by=a_coordinator("maria"))
    assert list(watch()) == []
    call_command("verify_audit_log", expect=end, stdout=StringIO())

    events = AuditEvent.objects.all()
    super(type(events), events).delete()
    AuditHead.objects.update(sequence=0, digest="")
    [found] = watch()
    assert found.startswith("The audit log was cut off or replaced: it ended with 4:")
    assert "event 4 is not there any more" in caplog.text
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert list(watch()) == ["The audit log ends with 0:"]
    assert any(isinstance(job, HeadWatch) for job in jobs.hourly)
