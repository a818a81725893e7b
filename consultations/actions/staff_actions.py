"""What staff do with a request. Each is one transaction, with the trace of it inside."""

from django.db import transaction
from django.utils import timezone

from consultations.access import briefs_colleagues, handles, reads_story
from consultations.exceptions import (
    AssignedMeanwhile,
    CannotBeAssigned,
    NotPermitted,
    NotToYourself,
    OutcomeMissing,
    StepNotAllowed,
    StoryClosed,
    WrittenMeanwhile,
)
from consultations.models import Inquiry, Note, Outcome, Status, Urgency
from consultations.models.inquiry import OVER, OWED_A_REPLY
from consultations.queue.due_dates import reply_due
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent

# Opened again from one of these, the clinic has its time anew. What was taken for spam by mistake waited all along.
NOTHING_OWED = [Status.WAITING_FOR_PATIENT, Status.ANSWERED, Status.CLOSED]


@transaction.atomic
def change_status(inquiry: Inquiry, *, to: str, by, outcome: str = "", seen: int | None = None) -> None:
    """One allowed step. `outcome` says how a request ended that is closed; `seen` is as for `reply`."""
    require_change_access(by, inquiry)
    lock(inquiry)
    if to not in inquiry.next_steps:
        raise StepNotAllowed(inquiry.status, to)
    if to == Status.CLOSED and not outcome:
        raise OutcomeMissing
    require_newest_seen(inquiry, seen, by=by)
    before = inquiry.status
    set_status(inquiry, to=to, outcome=outcome)
    detail = " → ".join(filter(None, [before, inquiry.status, inquiry.outcome]))
    record(AuditEvent.Action.STATUS_CHANGED, by=by, reference=inquiry.reference, detail=detail)


def set_status(inquiry: Inquiry, *, to: str, outcome: str = "") -> None:
    """Sets the status with the moments that belong to it; the caller holds the lock and records why."""
    now = timezone.now()
    if to in OWED_A_REPLY and inquiry.status in NOTHING_OWED:
        inquiry.waiting_since = now
        inquiry.due_at = reply_due(now, inquiry.urgency)
    inquiry.status = Status(to)
    inquiry.closed_at = now if to in OVER else None
    inquiry.outcome = Outcome(outcome) if outcome and to == Status.CLOSED else ""
    if to not in OVER:
        # Open again, it is answered for itself.
        inquiry.merged_into = None
    if to == Status.ANSWERED:
        stop_the_clock(inquiry)
    inquiry.save(
        update_fields=[
            "status",
            "waiting_since",
            "due_at",
            "first_due_at",
            "answered_at",
            "closed_at",
            "outcome",
            "merged_into",
        ]
    )


def stop_the_clock(inquiry: Inquiry) -> None:
    """The first reply is given. The caller saves."""
    if inquiry.answered_at is None:
        inquiry.answered_at = timezone.now()
        inquiry.first_due_at = inquiry.due_at


@transaction.atomic
def assign(inquiry: Inquiry, *, to, by, note: str = "", had_by: int | None = None) -> bool:
    """To a colleague, or to nobody: back to the queue. False where it was so already.

    `note` is a word for whoever takes it over. `had_by` is the number of whoever had it on the page that was sent, 0
    for nobody, None for no page: AssignedMeanwhile is raised when it is somebody else by now.
    """
    require_change_access(by, inquiry)
    if note and not briefs_colleagues(by):
        require_story_access(by, inquiry)
    lock(inquiry)
    if to is not None and not (to.is_active and to.has_perm("consultations.answer_inquiry")):
        raise CannotBeAssigned(to)
    if to is not None and to == by and by.is_superuser:
        raise NotToYourself
    is_new = inquiry.assignee_id != (to.pk if to else None)
    if is_new and had_by is not None and had_by != (inquiry.assignee_id or 0):
        raise AssignedMeanwhile(inquiry.assignee)
    if is_new:
        inquiry.assignee = to
        inquiry.save(update_fields=["assignee"])
    if note:
        Note.objects.create(inquiry=inquiry, author=by, text=note)
    if is_new:
        detail = to.get_username() if to else ""
        record(AuditEvent.Action.ASSIGNED, by=by, reference=inquiry.reference, detail=detail)
    if note:
        record(AuditEvent.Action.NOTE_ADDED, by=by, reference=inquiry.reference)
    return is_new


@transaction.atomic
def set_urgency(inquiry: Inquiry, *, to: str, by) -> None:
    """The reply is due by the new service level, counted from when the patient began to wait for it."""
    require_change_access(by, inquiry)
    lock(inquiry)
    if inquiry.urgency == to:
        return
    before, inquiry.urgency = inquiry.urgency, Urgency(to)
    inquiry.due_at = reply_due(inquiry.waiting_since, inquiry.urgency)
    inquiry.save(update_fields=["urgency", "due_at"])
    detail = f"{before} → {inquiry.urgency}"
    record(AuditEvent.Action.URGENCY_CHANGED, by=by, reference=inquiry.reference, detail=detail)


@transaction.atomic
def add_note(inquiry: Inquiry, *, text: str, by) -> Note:
    require_story_access(by, inquiry)
    note = Note.objects.create(inquiry=inquiry, author=by, text=text)
    record(AuditEvent.Action.NOTE_ADDED, by=by, reference=inquiry.reference)
    return note


@transaction.atomic
def record_view(inquiry: Inquiry, *, by, story: bool = False) -> None:
    """Every opening of a request leaves a trace. `story`: what was written was on the screen, so it counts as read."""
    if story:
        unread = inquiry.messages.filter(is_from_patient=True, read_at__isnull=True)
        unread.update(read_at=timezone.now())
    record(AuditEvent.Action.VIEWED, by=by, reference=inquiry.reference)
    if story:
        record(AuditEvent.Action.STORY_READ, by=by, reference=inquiry.reference)


def require_change_access(by, inquiry: Inquiry) -> None:
    if not handles(by, inquiry):
        raise NotPermitted


def require_story_access(by, inquiry: Inquiry) -> None:
    """To write about a story one has to know it."""
    require_change_access(by, inquiry)
    if not reads_story(by, inquiry):
        raise StoryClosed


def require_newest_seen(inquiry: Inquiry, seen: int | None, *, by) -> None:
    """`seen` is the newest message on the page that was sent, 0 for none, None for no page. One's own count as seen."""
    if seen is None:
        return
    newer = inquiry.messages.filter(pk__gt=seen).exclude(author=by).select_related("author")
    if message := newer.order_by("-pk").first():
        raise WrittenMeanwhile(message)


def lock(inquiry: Inquiry) -> None:
    """Two colleagues at one request: the second decides on what the first left."""
    inquiry.refresh_from_db(
        fields=[
            "status",
            "urgency",
            "assignee",
            "received_at",
            "waiting_since",
            "due_at",
            "first_due_at",
            "answered_at",
            "closed_at",
            "outcome",
            "merged_into",
            "held_at",
        ],
        from_queryset=Inquiry.objects.select_for_update(),
    )
