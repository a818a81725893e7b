"""What patient and clinic write to each other. The mail about it says only that there is something to read."""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from consultations.actions.staff_actions import (
    lock,
    require_newest_seen,
    require_reply_access,
    set_status,
    stop_the_clock,
    take_if_unassigned,
)
from consultations.exceptions import StepNotAllowed
from consultations.models import Inquiry, Message, MessageRedFlags, RateLimit, Status
from consultations.models.choices import OVER, OWED_A_REPLY, more_urgent
from consultations.queue.due_dates import reply_due
from consultations.red_flags import VERSION, Rule, most_urgent
from consultations.status.answers import decrypted_or_none
from gutskin import limits
from gutskin.audit.hash_chain import PATIENT, record
from gutskin.audit.models import AuditEvent
from gutskin.encryption.digests import keyed_digest
from gutskin.mail.outbox import queue_mail
from gutskin.rate_limits import increment_or_raise


@transaction.atomic
def reply(
    inquiry: Inquiry,
    *,
    text: str,
    key: uuid.UUID,
    by,
    asks: bool = False,
    seen: int | None = None,
    seen_note: int | None = None,
) -> Message:
    """Stores a reply once per key and queues a mail that tells the patient there is one.

    The request becomes "answered", or "waiting for patient" if the reply `asks` for something. The first reply stops
    the clock, and an unassigned request becomes the user's own. No mail goes to an address that is somebody else's.
    `seen` is the primary key of the newest message on the page where the reply was written, 0 for none, None to skip
    the check; `seen_note` that of the newest note. Raises ConversationChanged if anyone has written since,
    StepNotAllowed if the request is over, StoryAccessRequired, ReplyNotAllowed and NotPermitted.
    """
    require_reply_access(by, inquiry)
    lock(inquiry)
    key = _key_for(inquiry, key, text)
    # A double click, or the same form sent again after an error: the first one counts.
    if earlier := Message.objects.filter(idempotency_key=key).first():
        return earlier
    to = Status.WAITING_FOR_PATIENT if asks else Status.ANSWERED
    if inquiry.status in OVER:
        raise StepNotAllowed(inquiry.status, to)
    # Their own as well: another tab of theirs may have answered already.
    require_newest_seen(inquiry, seen, seen_note, by=by, own_too=True)
    message = Message.objects.create(inquiry=inquiry, idempotency_key=key, is_from_patient=False, author=by, text=text)
    before = inquiry.status
    # Also if the reply asks for something: the patient has heard from the clinic.
    stop_the_clock(inquiry)
    set_status(inquiry, to=to)
    is_taken = take_if_unassigned(inquiry, by=by)
    tell_patient(inquiry, "reply_notice")
    if is_taken:
        record(AuditEvent.Action.ASSIGNED, by=by, reference=inquiry.reference, detail=by.get_username())
    record(AuditEvent.Action.REPLIED, by=by, reference=inquiry.reference, detail=f"{before} → {to}")
    return message


@transaction.atomic
def receive_message(inquiry: Inquiry, *, text: str, key: uuid.UUID, signs: Sequence[Rule] = ()) -> Message:
    """Stores a patient's message once per key.

    A request that was waiting for the patient, answered or closed is reopened, and a reply is due within the service
    level from now on. `signs` are the red flags in the text whose advice the patient has read: they can make the
    request more urgent and the reply due earlier, never the other way round. Raises StepNotAllowed for a request that
    was withdrawn or is spam, and TooManyRequests.
    """
    lock(inquiry)
    key = _key_for(inquiry, key, text)
    if earlier := Message.objects.filter(idempotency_key=key).first() or _said_just_now(inquiry, text):
        return earlier
    if inquiry.status in (Status.WITHDRAWN, Status.SPAM):
        raise StepNotAllowed(inquiry.status, Status.IN_TRIAGE)
    increment_or_raise(RateLimit, inquiry.reference, at_most=limits.MESSAGES_PER_HOUR, purpose="message")
    message = Message.objects.create(inquiry=inquiry, idempotency_key=key, is_from_patient=True, text=text)
    if signs:
        rules = ",".join(rule.id for rule in signs)
        MessageRedFlags.objects.create(message=message, rules=rules, version=VERSION)
    reopen_for_patient(inquiry)
    urgency_before = inquiry.urgency
    if signs:
        _raise_urgency(inquiry, most_urgent(signs))
    # How many, not which: the audit log says nothing about a person's health.
    detail = f"red flags: {len(signs)}" if signs else ""
    record(AuditEvent.Action.PATIENT_WROTE, by=PATIENT, reference=inquiry.reference, detail=detail)
    if inquiry.urgency != urgency_before:
        detail = f"{urgency_before} → {inquiry.urgency}"
        record(AuditEvent.Action.URGENCY_CHANGED, by=PATIENT, reference=inquiry.reference, detail=detail)
    return message


def _said_just_now(inquiry, text):
    """The newest message, if the patient wrote these words in it: after Back, a form has another key."""
    newest = inquiry.messages.order_by("-pk").first()
    is_new = newest and newest.is_from_patient and newest.written_at > timezone.now() - limits.SAME_WORDS_WITHIN
    return newest if is_new and decrypted_or_none(newest, "text") == text else None


def _raise_urgency(inquiry, urgency):
    """Treats the reply as due no later than that to a request of this urgency sent now, and never later than before.

    Not counted from when the patient began to wait, as in `set_urgency`: no one could have known of the danger then.
    """
    inquiry.urgency = more_urgent(inquiry.urgency, urgency)
    inquiry.due_at = min(inquiry.due_at, reply_due(timezone.now(), urgency))
    inquiry.save(update_fields=["urgency", "due_at"])


def reopen_for_patient(inquiry: Inquiry) -> None:
    """After news from the patient: makes a reply due again and tells a colleague. The caller holds the lock."""
    if inquiry.status not in OWED_A_REPLY:
        set_status(inquiry, to=Status.IN_TRIAGE)
    tell_staff(inquiry, "patient_notice")


def tell_staff(inquiry: Inquiry, kind: str) -> None:
    """Queues a mail of this kind to the colleague who has the request, or to the intake team."""
    # Five photos, or a message in three parts: a notice that has not been sent yet covers them all.
    if inquiry.notifications.undelivered().filter(kind=kind, attempts=0).exists():
        return
    assignee = inquiry.assignee
    # No mail goes to the account of a colleague who has left: the intake team gets it instead.
    can_be_told = assignee and assignee.is_active and assignee.email
    to = assignee.email if can_be_told else settings.INTAKE_EMAIL
    queue_mail(kind, about=inquiry, to=to, language=settings.LANGUAGE_CODE)


def tell_patient(inquiry: Inquiry, kind: str) -> bool:
    """Queues a mail of this kind to the patient; False if their address is somebody else's. The caller holds the lock.

    To the address that is right now: it may have been corrected since the request was read.
    """
    if inquiry.email_refused_at:
        return False
    inquiry.refresh_from_db(fields=["public_id", "email"])
    queue_mail(kind, about=inquiry, to=inquiry.email, language=inquiry.language)
    return True


def _key_for(inquiry, key, text):
    """Makes the key depend on the text: the same form sent again with other words is a different message."""
    digest = keyed_digest("message-key", f"{inquiry.public_id} {key} {text}")
    return uuid.UUID(hex=digest[:32])
