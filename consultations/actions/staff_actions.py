"""What staff do with a request: status, assignee, urgency, notes, looking at it. For replies, see conversation.py.

Each action is one transaction that holds its audit event: what cannot be recorded does not happen. The request and its
rows come first and the audit log last, in every action, so that two of them cannot deadlock.
"""

from django.db import transaction
from django.utils import timezone

from consultations.access import can_brief_colleagues, can_change, can_read_story, can_reply
from consultations.exceptions import (
    AnswerMissing,
    AssigneeChanged,
    CannotAssignToSelf,
    CannotBeAssigned,
    ConversationChanged,
    NotPermitted,
    OutcomeMissing,
    ReplyNotAllowed,
    RequestChanged,
    StepNotAllowed,
    StoryAccessRequired,
    WithdrawalUnexplained,
)
from consultations.models import Inquiry, Note, Outcome, Presence, Status, Urgency
from consultations.models.choices import OVER, OWED_A_REPLY
from consultations.queue.due_dates import reply_due
from consultations.status.access_history import role_of
from consultations.status.answers import decrypted_or_none
from gutskin import limits
from gutskin.accounts.story_rights import tell_privacy_leads
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent

# When a request is reopened from one of these, the time to reply starts again. SPAM is not among them: a request that
# was marked as spam by mistake has been waiting since it came.
NOTHING_OWED = [Status.WAITING_FOR_PATIENT, Status.ANSWERED, Status.CLOSED]
# What `set_status` writes.
STATUS_FIELDS = [
    "status",
    "waiting_since",
    "due_at",
    "first_due_at",
    "answered_at",
    "closed_at",
    "outcome",
    "merged_into",
]
# What any action may have written since the request was read, so it is read again under the lock.
LOCKED_FIELDS = [*STATUS_FIELDS, "urgency", "assignee", "received_at", "held_at", "email_index", "email_refused_at"]


@transaction.atomic
def change_status(
    inquiry: Inquiry,
    *,
    to: str,
    by,
    outcome: str = "",
    note: str = "",
    seen: int | None = None,
    seen_note: int | None = None,
    had: str = "",
) -> None:
    """Takes one allowed step from status to status.

    `outcome` says how the request ended and is needed for CLOSED. `note` says how the patient was answered, or how they
    withdrew; it is needed for ANSWERED if no reply was sent, and for WITHDRAWN, and is saved as a note. `seen` and
    `seen_note` are as for `reply`; `had` is the status that the user's page showed, empty to skip the check. Raises
    RequestChanged, StepNotAllowed, OutcomeMissing, AnswerMissing, WithdrawalUnexplained, ConversationChanged,
    StoryAccessRequired and NotPermitted.
    """
    require_change_access(by, inquiry)
    if note and not can_brief_colleagues(by):
        require_story_access(by, inquiry)
    lock(inquiry)
    if had and had != inquiry.status:
        raise RequestChanged(inquiry.get_status_display())
    _require_step(inquiry, to, outcome, note)
    require_newest_seen(inquiry, seen, seen_note, by=by)
    before = inquiry.status
    set_status(inquiry, to=to, outcome=outcome)
    is_taken = to == Status.ANSWERED and take_if_unassigned(inquiry, by=by)
    if note:
        Note.objects.create(inquiry=inquiry, author=by, text=note)
    detail = " → ".join(filter(None, [before, inquiry.status, inquiry.outcome]))
    if is_taken:
        record(AuditEvent.Action.ASSIGNED, by=by, reference=inquiry.reference, detail=by.get_username())
    record(AuditEvent.Action.STATUS_CHANGED, by=by, reference=inquiry.reference, detail=detail)
    if note:
        record(AuditEvent.Action.NOTE_ADDED, by=by, reference=inquiry.reference)


def _require_step(inquiry, to, outcome, note):
    if to not in inquiry.next_steps:
        raise StepNotAllowed(inquiry.status, to)
    if to == Status.CLOSED and not outcome:
        raise OutcomeMissing
    if to == Status.ANSWERED and not note and not _has_been_answered(inquiry):
        raise AnswerMissing
    if to == Status.WITHDRAWN and not note:
        raise WithdrawalUnexplained


def _has_been_answered(inquiry):
    """Was a reply sent since the patient began to wait, the last time?"""
    return inquiry.messages.filter(is_from_patient=False, written_at__gte=inquiry.waiting_since).exists()


def set_status(inquiry: Inquiry, *, to: str, outcome: str = "") -> None:
    """Sets the status and the dates that depend on it. The caller holds the lock and records the event."""
    now = timezone.now()
    # Back from a withdrawal that was noted by mistake, it counts what was owed before that.
    if to in OWED_A_REPLY and (inquiry.withdrawn_from or inquiry.status) in NOTHING_OWED:
        inquiry.waiting_since = now
        inquiry.due_at = reply_due(now, inquiry.urgency)
    inquiry.status = Status(to)
    inquiry.closed_at = now if to in OVER else None
    inquiry.outcome = Outcome(outcome) if outcome and to == Status.CLOSED else ""
    if to not in OVER:
        # A merged request that is reopened is answered under its own reference again.
        inquiry.merged_into = None
    if to == Status.ANSWERED:
        stop_the_clock(inquiry)
    inquiry.save(update_fields=STATUS_FIELDS)


def stop_the_clock(inquiry: Inquiry) -> None:
    """Notes when the first reply was given, and when it was due: `due_at` will be about the next reply.

    The caller saves the request.
    """
    if inquiry.answered_at is None:
        inquiry.answered_at = timezone.now()
        inquiry.first_due_at = inquiry.due_at


@transaction.atomic
def assign(inquiry: Inquiry, *, to, by, note: str = "", had_by: int | None = None) -> bool:
    """Assigns a request to a colleague, or to no one (None), which puts it back into the queue.

    `note` is for the colleague who takes it over. `had_by` is the primary key of the assignee that the user's page
    showed, 0 for no one, None to skip the check. Returns False if nothing changed. Raises AssigneeChanged if the
    request has a different assignee by now, and CannotBeAssigned, StoryAccessRequired and NotPermitted.
    """
    require_change_access(by, inquiry)
    # Coordinators may write a note for a request whose story is closed to them; others need the story.
    if note and not can_brief_colleagues(by):
        require_story_access(by, inquiry)
    lock(inquiry)
    require_assignable(to, by)
    is_new = inquiry.assignee_id != (to.pk if to else None)
    if is_new and had_by is not None and had_by != (inquiry.assignee_id or 0):
        raise AssigneeChanged(inquiry.assignee)
    if is_new:
        inquiry.assignee = to
        inquiry.save(update_fields=["assignee"])
    if note:
        Note.objects.create(inquiry=inquiry, author=by, text=note)
    # Both rows are written before the first event: it locks the end of the audit log until the transaction ends.
    if is_new:
        detail = to.get_username() if to else ""
        event = record(AuditEvent.Action.ASSIGNED, by=by, reference=inquiry.reference, detail=detail)
        # It may be a second account of theirs.
        if to and by.is_superuser:
            tell_privacy_leads(event)
    if note:
        record(AuditEvent.Action.NOTE_ADDED, by=by, reference=inquiry.reference)
    return is_new


def take_if_unassigned(inquiry: Inquiry, *, by) -> bool:
    """Whoever answers a request that no one has is told when the patient writes again: it becomes theirs.

    True if it did; the caller holds the lock and records the event. A coordinator who marks it as answered answers no
    requests, and does not get it.
    """
    if (inquiry.assignee and inquiry.assignee.is_active) or not can_reply(by, inquiry):
        return False
    inquiry.assignee = by
    inquiry.save(update_fields=["assignee"])
    return True


def require_assignable(to, by) -> None:
    """Raises CannotBeAssigned; no one (None) always can be."""
    if to is None:
        return
    if not (to.is_active and to.has_perm("consultations.answer_inquiry")):
        raise CannotBeAssigned(to)
    if to == by and by.is_superuser:
        raise CannotAssignToSelf


@transaction.atomic
def set_urgency(inquiry: Inquiry, *, to: str, by, had: str = "") -> bool:
    """Sets the urgency and the due date that follows from it, counted from when the patient began to wait.

    `had` is the urgency that the user's page showed, empty to skip the check. Returns False if nothing changed. Raises
    RequestChanged and NotPermitted.
    """
    require_change_access(by, inquiry)
    lock(inquiry)
    if inquiry.urgency == to:
        return False
    if had and had != inquiry.urgency:
        raise RequestChanged(inquiry.get_urgency_display())
    before, inquiry.urgency = inquiry.urgency, Urgency(to)
    # From when the patient began to wait, so that changing the urgency does not give the clinic more time.
    inquiry.due_at = reply_due(inquiry.waiting_since, inquiry.urgency)
    inquiry.save(update_fields=["urgency", "due_at"])
    detail = f"{before} → {inquiry.urgency}"
    record(AuditEvent.Action.URGENCY_CHANGED, by=by, reference=inquiry.reference, detail=detail)
    return True


@transaction.atomic
def add_note(inquiry: Inquiry, *, text: str, by) -> Note:
    """Stores a note for staff; the same words at once again are one. Raises StoryAccessRequired and NotPermitted."""
    require_story_access(by, inquiry)
    lock(inquiry)
    newest = inquiry.notes.filter(author=by, written_at__gt=timezone.now() - limits.SAME_NOTE_WITHIN).first()
    if newest and decrypted_or_none(newest, "text") == text:
        return newest
    note = Note.objects.create(inquiry=inquiry, author=by, text=text)
    record(AuditEvent.Action.NOTE_ADDED, by=by, reference=inquiry.reference)
    return note


@transaction.atomic
def record_view(inquiry: Inquiry, *, by, story: bool = False) -> None:
    """Records that a user opened a request. With `story`, the story was on the screen: its messages count as read."""
    if story:
        # The clinic's own messages are read by the patient, not by staff.
        unread = inquiry.messages.filter(is_from_patient=True, read_at__isnull=True)
        unread.update(read_at=timezone.now())
    record(AuditEvent.Action.VIEWED, by=by, reference=inquiry.reference, detail=role_of(by))
    if story:
        record(AuditEvent.Action.STORY_READ, by=by, reference=inquiry.reference)


def record_presence(inquiry: Inquiry, *, by) -> None:
    """Records that a user has the page open: called when it opens and every minute while it stays open.

    Presence locks nothing. Two people may work on one request, as long as they know about each other.
    """
    # One upsert, so that two tabs of the same user that open at once do not collide.
    Presence.objects.bulk_create(
        [Presence(inquiry=inquiry, user=by, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["inquiry", "user"],
        update_fields=["seen_at"],
    )


def require_change_access(by, inquiry: Inquiry) -> None:
    if not can_change(by, inquiry):
        raise NotPermitted


def require_story_access(by, inquiry: Inquiry) -> None:
    """Writing about a story takes the right to read it."""
    require_change_access(by, inquiry)
    if not can_read_story(by, inquiry):
        raise StoryAccessRequired


def require_reply_access(by, inquiry: Inquiry) -> None:
    """Only those who answer the request write to the patient. Raises ReplyNotAllowed and what the other two raise."""
    # Who may reply may read the story and change the request: one question to the database instead of three.
    if not can_reply(by, inquiry):
        require_story_access(by, inquiry)
        raise ReplyNotAllowed


def require_newest_seen(
    inquiry: Inquiry, seen: int | None, seen_note: int | None = None, *, by, own_too: bool = False
) -> None:
    """Raises ConversationChanged if there is a message or a note that the user's page did not show.

    Their own message counts if `own_too`, their own note never. `seen` is the primary key of the newest message on that
    page, and `seen_note` that of the newest note, 0 for none, None to skip the check.
    """
    newer = _newer(inquiry.messages, seen)
    if message := (newer if own_too else newer.exclude(author=by)).first():
        raise ConversationChanged(message, reader=by)
    if note := _newer(inquiry.notes, seen_note).exclude(author=by).first():
        raise ConversationChanged(note, reader=by)


def _newer(written, seen):
    return written.none() if seen is None else written.filter(pk__gt=seen).select_related("author").order_by("-pk")


def lock(inquiry: Inquiry) -> None:
    """Locks the row until the transaction ends, and reads it again: the second of two users decides on the new state.

    On SQLite, where `select_for_update` does nothing, a transaction takes the one write lock when it begins.
    """
    inquiry.refresh_from_db(fields=LOCKED_FIELDS, from_queryset=Inquiry.objects.select_for_update())
