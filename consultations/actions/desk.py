"""What staff do with a request. Each is one transaction, with the trace of it inside."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import AuditEvent, Inquiry, Note, Status, Urgency
from consultations.models.inquiry import OVER


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
def change_status(inquiry: Inquiry, *, to: str, by) -> None:
    _lock(inquiry)
    if to not in inquiry.next_steps:
        raise StepNotAllowed(inquiry.status, to)
    before, inquiry.status = inquiry.status, Status(to)
    now = timezone.now()
    inquiry.closed_at = now if to in OVER else None
    if to == Status.ANSWERED and inquiry.answered_at is None:
        inquiry.answered_at = now
    inquiry.save(update_fields=["status", "closed_at", "answered_at"])
    _record(inquiry, AuditEvent.Action.STATUS_CHANGED, by, f"{before} → {to}")


@transaction.atomic
def assign(inquiry: Inquiry, *, to, by) -> None:
    """To a colleague, or to nobody: back to the queue."""
    _lock(inquiry)
    if to is not None and not (to.is_active and to.has_perm("consultations.change_inquiry")):
        raise CannotBeAssigned(to)
    if inquiry.assignee_id == (to.pk if to else None):
        return
    inquiry.assignee = to
    inquiry.save(update_fields=["assignee"])
    _record(inquiry, AuditEvent.Action.ASSIGNED, by, to.get_username() if to else "")


@transaction.atomic
def set_urgency(inquiry: Inquiry, *, to: str, by) -> None:
    _lock(inquiry)
    if inquiry.urgency == to:
        return
    before, inquiry.urgency = inquiry.urgency, Urgency(to)
    inquiry.save(update_fields=["urgency"])
    _record(inquiry, AuditEvent.Action.URGENCY_CHANGED, by, f"{before} → {to}")


@transaction.atomic
def add_note(inquiry: Inquiry, *, text: str, by) -> Note:
    note = Note.objects.create(inquiry=inquiry, author=by, text=text)
    _record(inquiry, AuditEvent.Action.NOTE_ADDED, by)
    return note


def record_view(inquiry: Inquiry, *, by) -> None:
    """Every opening of a patient's story leaves a trace."""
    _record(inquiry, AuditEvent.Action.VIEWED, by)


def _lock(inquiry):
    """Two colleagues at one request: the second decides on what the first left."""
    inquiry.refresh_from_db(
        fields=["status", "urgency", "assignee", "answered_at", "closed_at"],
        from_queryset=Inquiry.objects.select_for_update(),
    )


def _record(inquiry, action, by, detail=""):
    AuditEvent.objects.create(actor=by.get_username(), action=action, reference=inquiry.reference, detail=detail)
