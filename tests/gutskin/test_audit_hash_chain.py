from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from consultations import actions
from gutskin.audit.hash_chain import broken_links, record
from gutskin.audit.models import AppendOnly, AuditEvent, AuditHead
from tests.audit_log import changed_by_hand
from tests.consultations.factories import a_coordinator, an_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_events():
    inquiry = an_inquiry()
    actions.change_status(inquiry, to="in_triage", by=a_coordinator())
    actions.record_view(inquiry, by="carla")
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
    assert list(broken_links()) == ["The detail of event 2 was removed, and its request was not erased."]

    record(AuditEvent.Action.ERASED, by="patient", reference=three_events.reference)
    assert list(broken_links()) == []


def test_the_digest_cannot_be_made_without_the_key(three_events, settings):
    settings.DIGEST_KEY = "another key"

    assert len(list(broken_links())) >= 3


def test_an_invalid_number_is_reported(three_events):
    with pytest.raises(CommandError, match="--expect takes"):
        call_command("verify_audit_log", expect="yesterday")


def test_events_are_only_added(three_events):
    event = AuditEvent.objects.first()
    for attempt in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(AppendOnly):
            attempt()
