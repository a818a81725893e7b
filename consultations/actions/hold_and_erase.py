"""Legal hold, and erasing a request because the patient asked the staff to."""

from django.db import transaction
from django.utils import timezone

from consultations.access import can_coordinate
from consultations.actions.staff_actions import lock, require_change_access
from consultations.exceptions import HoldUnchanged, NotPermitted, OnHold
from consultations.models import Inquiry, Note, PurgeCertificate
from consultations.retention import erase_inquiry
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent


@transaction.atomic
def hold(inquiry: Inquiry, *, reason: str, by) -> None:
    """Puts a request on legal hold: until it is released, neither retention nor the patient's wish erases it.

    The reason is kept as a note, which is encrypted; the audit event does not hold it. Raises HoldUnchanged and
    NotPermitted.
    """
    _change_hold(inquiry, reason, by, held_at=timezone.now(), action=AuditEvent.Action.HELD)


@transaction.atomic
def release(inquiry: Inquiry, *, reason: str, by) -> None:
    """Lifts the legal hold. Takes and raises the same as `hold`."""
    _change_hold(inquiry, reason, by, held_at=None, action=AuditEvent.Action.RELEASED)


def _change_hold(inquiry, reason, by, *, held_at, action):
    require_coordinator(by, inquiry)
    lock(inquiry)
    if (inquiry.held_at is None) == (held_at is None):
        raise HoldUnchanged(is_held=inquiry.held_at is not None)
    # Only the date is stored in plain text. Why a request is held may say something about the patient.
    inquiry.held_at = held_at
    inquiry.save(update_fields=["held_at"])
    Note.objects.create(inquiry=inquiry, author=by, text=reason)
    record(action, by=by, reference=inquiry.reference)


@transaction.atomic
def erase_for_patient(inquiry: Inquiry, *, by) -> None:
    """Erases a request whose patient asked for it by phone or letter (GDPR Article 17).

    A certificate and the audit events stay; they hold no word of what was written. Raises OnHold and NotPermitted.
    """
    require_coordinator(by, inquiry)
    # Under the lock: a hold that a colleague puts on at the same time is not overlooked.
    lock(inquiry)
    if inquiry.held_at:
        raise OnHold
    erase_inquiry(inquiry, by=by, cause=PurgeCertificate.Cause.PATIENT)


def require_coordinator(by, inquiry: Inquiry) -> None:
    require_change_access(by, inquiry)
    if not can_coordinate(by):
        raise NotPermitted
