"""What staff do with a request. Each is one transaction, with the trace of it inside."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.audit import record
from consultations.models import AuditEvent, Inquiry, Note, Outcome, Status, Urgency
from consultations.models.inquiry import OVER
from consultations.working_days import reply_due


class StepNotAllowed(Exception):
    """The status cannot move there from where it is now."""

    def __init__(self, current, wanted):
        labels = dict(Status.choices)
        super().__init__(
            _("A request that is “%(current)s” cannot become “%(wanted)s”.")
            % {"current": labels[current], "wanted": labels.get(wanted, wanted)}
        )


class CannotBeAssigned(Exception):
    def __init__(self, user):
        super().__init__(_("%(user)s may not answer requests.") % {"user": user.get_username()})


@transaction.atomic
def change_status(inquiry: Inquiry, *, to: str, by, outcome: str = "") -> None:
    """One allowed step. `outcome` says how a request ended that is closed."""
    lock(inquiry)
    if to not in inquiry.next_steps:
        raise StepNotAllowed(inquiry.status, to)
    before = inquiry.status
    move(inquiry, to=to, outcome=outcome)
    record(AuditEvent.Action.STATUS_CHANGED, by=by, reference=inquiry.reference, detail=f"{before} → {inquiry.status}")


def move(inquiry: Inquiry, *, to: str, outcome: str = "") -> None:
    """Sets the status with the moments that belong to it; the caller holds the lock and records why."""
    inquiry.status = Status(to)
    now = timezone.now()
    inquiry.closed_at = now if to in OVER else None
    inquiry.outcome = Outcome(outcome) if outcome and to == Status.CLOSED else ""
    if to == Status.ANSWERED and inquiry.answered_at is None:
        inquiry.answered_at = now
    inquiry.save(update_fields=["status", "closed_at", "answered_at", "outcome"])


@transaction.atomic
def assign(inquiry: Inquiry, *, to, by) -> None:
    """To a colleague, or to nobody: back to the queue."""
    lock(inquiry)
    if to is not None and not (to.is_active and to.has_perm("consultations.change_inquiry")):
        raise CannotBeAssigned(to)
    if inquiry.assignee_id == (to.pk if to else None):
        return
    inquiry.assignee = to
    inquiry.save(update_fields=["assignee"])
    detail = to.get_username() if to else ""
    record(AuditEvent.Action.ASSIGNED, by=by, reference=inquiry.reference, detail=detail)


@transaction.atomic
def set_urgency(inquiry: Inquiry, *, to: str, by) -> None:
    """The reply is due by the new service level, counted from when the request came."""
    lock(inquiry)
    if inquiry.urgency == to:
        return
    before, inquiry.urgency = inquiry.urgency, Urgency(to)
    inquiry.due_at = reply_due(inquiry.received_at, inquiry.urgency)
    inquiry.save(update_fields=["urgency", "due_at"])
    detail = f"{before} → {inquiry.urgency}"
    record(AuditEvent.Action.URGENCY_CHANGED, by=by, reference=inquiry.reference, detail=detail)


@transaction.atomic
def add_note(inquiry: Inquiry, *, text: str, by) -> Note:
    note = Note.objects.create(inquiry=inquiry, author=by, text=text)
    record(AuditEvent.Action.NOTE_ADDED, by=by, reference=inquiry.reference)
    return note


def record_view(inquiry: Inquiry, *, by) -> None:
    """Every opening of a request leaves a trace; STORY_READ is recorded where what was written is on the screen."""
    record(AuditEvent.Action.VIEWED, by=by, reference=inquiry.reference)


def lock(inquiry: Inquiry) -> None:
    """Two colleagues at one request: the second decides on what the first left."""
    inquiry.refresh_from_db(
        fields=["status", "urgency", "assignee", "received_at", "due_at", "answered_at", "closed_at", "held_at"],
        from_queryset=Inquiry.objects.select_for_update(),
    )
