"""Steps that are rare and weighty: merging two requests, legal hold, erasing at the patient's wish."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.access import coordinates
from consultations.actions.staff_actions import lock, require_change_access, require_newest_seen, set_status
from consultations.exceptions import CannotBeMerged, HoldUnchanged, NotPermitted, OnHold, StepNotAllowed
from consultations.models import Inquiry, Note, Outcome, PurgeCertificate, Status, Urgency
from consultations.models.inquiry import OVER, OWED_A_REPLY
from consultations.retention import erase_inquiry
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent

BY_WEIGHT = [Urgency.ROUTINE, Urgency.SOON, Urgency.URGENT]


@transaction.atomic
def merge(
    inquiry: Inquiry, *, into: Inquiry, by, confirmed_as_one_person: bool = False, seen: int | None = None
) -> None:
    """Closes a request that is answered under another one. Each keeps its own notes and messages.

    The other becomes as urgent as the more urgent of the two, and is due when the earlier one was; where nothing was
    owed any more it is open again. Two requests with different addresses need a coordinator who confirms that they are
    one person's.
    """
    require_change_access(by, inquiry)
    require_change_access(by, into)
    # In one order whoever merges what, so that two merges do not wait for each other.
    for each in sorted({inquiry, into}, key=lambda each: each.pk):
        lock(each)
    _can_be_merged(inquiry, into)
    if inquiry.email_index != into.email_index and not (confirmed_as_one_person and coordinates(by)):
        raise CannotBeMerged(
            _(
                "%(reference)s came from another e-mail address. Only an intake coordinator who knows that it is the "
                "same person can merge the two."
            )
            % {"reference": into}
        )
    require_newest_seen(inquiry, seen, by=by)
    urgency_before, status_before = into.urgency, into.status
    into.urgency = max(inquiry.urgency, into.urgency, key=lambda urgency: BY_WEIGHT.index(Urgency(urgency)))
    if inquiry.status in OWED_A_REPLY:
        _owe_under(into, inquiry)
    into.save(update_fields=["urgency", "waiting_since", "due_at"])
    set_status(inquiry, to=Status.CLOSED, outcome=Outcome.DUPLICATE)
    inquiry.merged_into = into
    inquiry.save(update_fields=["merged_into"])
    if into.urgency != urgency_before:
        detail = f"{urgency_before} → {into.urgency}"
        record(AuditEvent.Action.URGENCY_CHANGED, by=by, reference=into.reference, detail=detail)
    if into.status != status_before:
        detail = f"{status_before} → {into.status}"
        record(AuditEvent.Action.STATUS_CHANGED, by=by, reference=into.reference, detail=detail)
    record(AuditEvent.Action.MERGED, by=by, reference=into.reference, detail=inquiry.reference)
    record(AuditEvent.Action.MERGED, by=by, reference=inquiry.reference, detail=into.reference)


def _owe_under(into, inquiry):
    """The reply that this request waits for is owed under the other."""
    since, due = inquiry.waiting_since, inquiry.due_at
    if into.status in OWED_A_REPLY:
        since, due = min(since, into.waiting_since), min(due, into.due_at)
    else:
        set_status(into, to=Status.IN_TRIAGE)
    # Not before it came: the database would refuse that.
    into.waiting_since, into.due_at = max(since, into.received_at), max(due, into.received_at)


def _can_be_merged(inquiry, into):
    if inquiry == into:
        raise CannotBeMerged(_("A request cannot be merged with itself."))
    if inquiry.status in OVER:
        raise StepNotAllowed(inquiry.status, Status.CLOSED)
    if into.status in OVER:
        # Nobody would answer either. This also keeps two requests from being merged into each other.
        raise CannotBeMerged(
            _("%(reference)s is over. Open that one again first, or the patient will not be answered.")
            % {"reference": into}
        )


@transaction.atomic
def hold(inquiry: Inquiry, *, reason: str, by) -> None:
    """Until it is released, neither the purge nor the patient's own wish erases it. The reason becomes a note."""
    _change_hold(inquiry, reason, by, held_at=timezone.now(), action=AuditEvent.Action.HELD)


@transaction.atomic
def release(inquiry: Inquiry, *, reason: str, by) -> None:
    _change_hold(inquiry, reason, by, held_at=None, action=AuditEvent.Action.RELEASED)


def _change_hold(inquiry, reason, by, *, held_at, action):
    _must_coordinate(by, inquiry)
    lock(inquiry)
    if (inquiry.held_at is None) == (held_at is None):
        raise HoldUnchanged(is_held=inquiry.held_at is not None)
    inquiry.held_at = held_at
    inquiry.save(update_fields=["held_at"])
    Note.objects.create(inquiry=inquiry, author=by, text=reason)
    record(action, by=by, reference=inquiry.reference)


@transaction.atomic
def erase_on_wish(inquiry: Inquiry, *, by) -> None:
    """The patient asked by phone or letter. What is left is a certificate and the numbers of the audit log."""
    _must_coordinate(by, inquiry)
    lock(inquiry)
    if inquiry.held_at:
        raise OnHold
    erase_inquiry(inquiry, by=by, cause=PurgeCertificate.Cause.PATIENT)


def _must_coordinate(by, inquiry):
    require_change_access(by, inquiry)
    if not coordinates(by):
        raise NotPermitted
