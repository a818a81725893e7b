"""The hash chain of the audit log: each event carries a keyed digest of itself and of the one before.

Changing, removing or inserting a row by hand breaks the chain, and it cannot be repaired without DIGEST_KEY. If the end
is cut off, the rest is still a chain; the head row shows what is missing. If the head row is set back as well, a number
and digest that `verify_audit_log` printed earlier show it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC

from django.db import connection, transaction

from gutskin.audit.models import AuditEvent, AuditHead
from gutskin.encryption.digests import keyed_digest

# Patients are not named, and commands sign as "system". The mailbox of a request may be read by someone else.
PATIENT, MAILBOX, SYSTEM = "patient", "mailbox", "system"
ERASING = [AuditEvent.Action.ERASED, AuditEvent.Action.PURGED]
DETAIL_CHARACTERS = 300
# What `verify_audit_log` checks besides the chain: rows that must agree with the log, or with a digest of their own.
# Each yields a sentence for each place. An app adds its own in AppConfig.ready.
also_checked: list[Callable[[], Iterable[str]]] = []


# No savepoint: what is not recorded must not be done either.
@transaction.atomic(savepoint=False)
def record(action: AuditEvent.Action, *, by, reference: str = "", detail: str = "") -> AuditEvent:
    """Adds one event. `by` is a user, PATIENT or SYSTEM; `detail` holds nothing that anyone wrote.

    Call it last in the transaction of the change it records: it locks the head row, so no one else can add an event
    until that transaction ends.
    """
    _check_references()
    head = _locked_head()
    actor = by if isinstance(by, str) else by.get_username()
    detail = detail[:DETAIL_CHARACTERS]
    event = AuditEvent(actor=actor, action=action, reference=reference, detail=detail)
    _append(event, head)
    event.save()
    head.save()
    return event


@transaction.atomic
def record_made_up(events: Iterable[AuditEvent]) -> None:
    """Adds events with their own times, in the order given. Only for made-up data: see `manage.py load_scale`."""
    head = _locked_head()
    events = list(events)
    for event in events:
        _append(event, head)
    AuditEvent.objects.bulk_create(events)
    head.save()


def _locked_head():
    heads = AuditHead.objects.select_for_update()
    # There is none before the very first event.
    return heads.filter(pk=1).first() or heads.get_or_create(pk=1)[0]


def _append(event, head):
    """Numbers the event, links it to the one before and moves the head to it. Nothing is saved."""
    event.sequence = head.sequence + 1
    event.detail_digest = _detail_digest(event)
    event.digest = link(event, head.digest)
    head.sequence, head.digest = event.sequence, event.digest


@transaction.atomic
def record_parts(action: AuditEvent.Action, *, by, about: str, parts: list[str]) -> None:
    """Adds one event with all parts as its detail, or several if they are too long. Each begins with `about`."""
    line = ""
    for part in parts:
        longer = f"{line}, {part}" if line else part
        if line and len(f"{about}: {longer}") > DETAIL_CHARACTERS:
            record(action, by=by, detail=f"{about}: {line}")
            longer = part
        line = longer
    record(action, by=by, detail=f"{about}: {line}")


def gained_and_lost(before: set[str], after: set[str]) -> list[str]:
    """The added names, prefixed with `+`, followed by the removed ones, prefixed with `-`."""
    return [f"+{name}" for name in sorted(after - before)] + [f"-{name}" for name in sorted(before - after)]


def _check_references():
    """Avoids a deadlock on PostgreSQL, which checks foreign keys only when the transaction ends.

    The check locks the rows that the keys point to. By then we hold the head row, and a transaction that has locked one
    of those rows may be waiting for it. So the keys are checked before the head row is locked.
    """
    if connection.vendor == "postgresql":
        # Not through Django's cursor, which would count it as a query.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def link(event: AuditEvent, before: str) -> str:
    """The digest of this event, computed over its fields and the digest of the previous event."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = [event.sequence, at, event.actor, event.action, event.reference, event.detail_digest, before]
    return keyed_digest("audit", json.dumps(parts))


def broken_links(since: int = 1) -> Iterator[str]:
    """Yields a sentence for each place where the log was altered, starting at the event with the number `since`.

    Events may be added while it runs: it must reach the head read at the start and not pass the one read at the end.
    """
    head = _head()
    expected = since
    before = AuditEvent.objects.filter(sequence=since - 1).values_list("digest", flat=True).first() or ""
    at_head = before if head.sequence == since - 1 else ""
    without_detail = {}
    erased_at = {}
    for event in AuditEvent.objects.filter(sequence__gte=since).order_by("sequence").iterator(chunk_size=2000):
        if event.sequence != expected:
            yield f"Between {expected - 1} and {event.sequence} events are missing."
        if event.digest != link(event, before):
            yield f"Event {event.sequence} is not what was written."
        if event.action in ERASING:
            erased_at[event.reference] = event.sequence
        if event.detail_digest != _detail_digest(event):
            if event.detail:
                yield f"The detail of event {event.sequence} is not what was written."
            else:
                without_detail[event.sequence] = event.reference
        expected, before = event.sequence + 1, event.digest
        if event.sequence == head.sequence:
            at_head = event.digest
    for sequence, reference in without_detail.items():
        if erased_at.get(reference, 0) <= sequence:
            yield f"The detail of event {sequence} was removed, and its request was not erased."
    continues = expected - 1 > head.sequence and expected - 1 > _head().sequence
    if continues or at_head != head.digest:
        yield f"The log ends at {expected - 1}, and should end at {head.sequence}."


def _head():
    return AuditHead.objects.filter(pk=1).first() or AuditHead()


def _detail_digest(event):
    # With the number: the same word has a different digest in each event, and cannot be guessed by comparing.
    return keyed_digest("audit-detail", f"{event.sequence} {event.detail}")
