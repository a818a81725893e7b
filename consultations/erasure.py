"""Erasing one request: the row with all that hangs on it, and the words in its audit events. Numbers are left."""

from collections import Counter

from django.db import connection, transaction

from consultations.models import Attachment, Inquiry, PurgeCertificate
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent

Cause = PurgeCertificate.Cause
ERASED_AS = {Cause.PATIENT: AuditEvent.Action.ERASED, Cause.RETENTION: AuditEvent.Action.PURGED}


@transaction.atomic
def erase_inquiry(inquiry: Inquiry, *, by, cause: str = Cause.RETENTION) -> Counter:
    """Erases it and writes the certificate; returns how many rows of each model went.

    Whether it may be erased is the caller's question, who holds the lock: a legal hold forbids it.
    """
    counts = Counter()
    drafts = Attachment.objects.of_draft(inquiry.idempotency_key)
    for rows in (drafts, Inquiry.objects.filter(pk=inquiry.pk)):
        # delete() names what went along by cascade: messages, notes, photos, consents, mails, passes.
        for label, count in rows.delete()[1].items():
            counts[label.rpartition(".")[2]] += count
    details = AuditEvent.objects.about(inquiry.reference).exclude(detail="")
    if erased := details.erase_details():
        counts["AuditEvent detail"] = erased
    PurgeCertificate.objects.create(cause=cause, counts=dict(counts), references=[inquiry.reference])
    record(ERASED_AS[Cause(cause)], by=by, reference=inquiry.reference)
    # robust: it is erased, whether the journal can be emptied now or by the next one who erases.
    transaction.on_commit(empty_the_journal, robust=True)
    return counts


def empty_the_journal() -> bool:
    """SQLite keeps the old pages in its journal (WAL) until they are written over: empty it now. Not in a transaction.

    False when a reader still needs the journal: then the next erasure or `purge_inquiries` empties it.
    PostgreSQL clears up by itself, later: docs/operators.md.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return cursor.fetchone()[0] == 0
