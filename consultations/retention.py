"""Retention and erasure: deletes requests that were over for long enough, and rows that are no longer needed.

Erasing a request deletes its row with everything that belongs to it, and the details in its audit events. Only numbers
remain, in a certificate. The patient, `purge_inquiries` and `restore` all erase through `erase_inquiry`.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from consultations.models import Attachment, Inquiry, LinkRequest, Presence, PurgeCertificate, RateLimit, StatusPass
from consultations.models.choices import OVER
from gutskin.accounts.cleanup import outdated_rows
from gutskin.audit.hash_chain import SYSTEM, record
from gutskin.audit.models import AuditEvent
from gutskin.drafts.models import Draft, SentForm
from gutskin.mail.models import Notification

MAILS_KEPT_FOR = timedelta(days=30)
# Limits count by the hour and visits last half an hour, so a day later nothing needs these.
TRACES_KEPT_FOR = timedelta(days=1)
Cause = PurgeCertificate.Cause
ERASED_AS = {Cause.PATIENT: AuditEvent.Action.ERASED, Cause.RETENTION: AuditEvent.Action.PURGED}


@dataclass
class PurgeResult:
    """How many rows of each model were deleted, which requests, and which could not be erased."""

    counts: Counter = field(default_factory=Counter)
    references: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@transaction.atomic
def erase_inquiry(inquiry: Inquiry, *, by, cause: str = Cause.RETENTION) -> Counter:
    """Erases a request and writes its certificate; returns how many rows of each model were deleted.

    The caller holds the lock and has checked that it may be erased: a legal hold forbids it.
    """
    counts = Counter()
    # Photos left under the key of the form (too many, or uploaded after it was sent) are not deleted by cascade.
    drafts = Attachment.objects.of_draft(inquiry.idempotency_key)
    for rows in (drafts, Inquiry.objects.filter(pk=inquiry.pk)):
        # delete() also counts what it deleted by cascade: messages, notes, photos, consents, mails, passes.
        for label, count in rows.delete()[1].items():
            counts[label.rpartition(".")[2]] += count
    details = AuditEvent.objects.about(inquiry.reference).exclude(detail="")
    if erased := details.erase_details():
        counts["AuditEvent detail"] = erased
    PurgeCertificate.objects.create(cause=cause, counts=dict(counts), references=[inquiry.reference])
    record(ERASED_AS[Cause(cause)], by=by, reference=inquiry.reference)
    # robust: the request is erased even if the journal cannot be emptied now. The next erasure will empty it.
    transaction.on_commit(empty_sqlite_journal, robust=True)
    return counts


def empty_sqlite_journal() -> bool:
    """Empties SQLite's write-ahead log, which otherwise keeps erased text until its pages are overwritten.

    Call it outside a transaction. Returns False when a reader still needs the journal: the next erasure or
    `purge_inquiries` then empties it. PostgreSQL removes old rows by itself, later: docs/operators.md.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return cursor.fetchone()[0] == 0


def due_for_purge():
    """Requests that were over for RETENTION_DAYS and are not on legal hold. None without that setting."""
    if settings.RETENTION_DAYS is None:
        return Inquiry.objects.none()
    before = timezone.now() - timedelta(days=settings.RETENTION_DAYS)
    return Inquiry.objects.filter(status__in=OVER, closed_at__lt=before, held_at__isnull=True).order_by("closed_at")


def purge(*, dry_run: bool = False) -> PurgeResult:
    """Erases what is due, each request in a transaction of its own. A dry run does everything and rolls it back."""
    result = PurgeResult()
    for pk in list(due_for_purge().values_list("pk", flat=True)):
        _purge_one(pk, result, dry_run)
    delete_expired_rows(result, dry_run=dry_run)
    if not dry_run:
        # At once, or after the transaction in which this was called.
        transaction.on_commit(empty_sqlite_journal)
    return result


def delete_expired_rows(result: PurgeResult, *, dry_run: bool = False) -> None:
    """Deletes forms that were never sent, drafts of staff, old mails, visits that are over, and traces of logins."""
    now = timezone.now()
    expired = [
        Attachment.objects.abandoned(),
        Notification.objects.filter(delivered_at__lt=now - MAILS_KEPT_FOR),
        # Only when the request is over: until then its page warns staff that no mail reaches this patient.
        Notification.objects.filter(refused_at__lt=now - MAILS_KEPT_FOR, inquiry__status__in=OVER),
        StatusPass.objects.over().filter(created_at__lt=now - TRACES_KEPT_FOR),
        # The mail worker deletes these within seconds. After a day without a worker, no one still waits for the link.
        LinkRequest.objects.filter(asked_at__lt=now - TRACES_KEPT_FOR),
        RateLimit.objects.filter(window_start__lt=now - TRACES_KEPT_FOR),
        Presence.objects.filter(seen_at__lt=now - TRACES_KEPT_FOR),
        Draft.objects.outdated(),
        SentForm.objects.outdated(),
        *outdated_rows(),
    ]
    for rows in expired:
        with transaction.atomic():
            count, _by_model = rows.delete()
            transaction.set_rollback(dry_run)
        if count:
            result.counts[rows.model.__name__] += count


def _purge_one(pk, result, dry_run):
    try:
        with transaction.atomic():
            # Selected again under the lock: it may have been reopened or put on hold since.
            inquiry = due_for_purge().select_for_update().filter(pk=pk).first()
            if not inquiry:
                return
            counts = erase_inquiry(inquiry, by=SYSTEM)
            transaction.set_rollback(dry_run)
    except DatabaseError:
        # One request that cannot be erased must not stop the others; the caller reports it.
        # The query is empty when the patient erased the request at the same moment.
        result.failed.extend(Inquiry.objects.filter(pk=pk).values_list("reference", flat=True))
        return
    result.counts.update(counts)
    result.references.append(inquiry.reference)
