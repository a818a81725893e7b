"""The chain of audit events: each carries a keyed digest of itself and of the one before.

Whoever changes a row by hand, leaves one out or puts one in breaks the chain, and cannot mend it without DIGEST_KEY.
Cut off at its end it would still look whole, were it not for the head row; and whoever can set that back too is found
by comparing with a number and digest that `verify_audit_log` printed earlier.
"""

import json
from collections.abc import Iterator
from datetime import UTC

from django.db import transaction

from consultations.digests import keyed_digest
from consultations.models import AuditEvent, AuditHead

# The patient is not named, neither is a program: commands sign as "system".
PATIENT, SYSTEM = "patient", "system"
ERASING = [AuditEvent.Action.ERASED, AuditEvent.Action.PURGED]


@transaction.atomic
def record(action: AuditEvent.Action, *, by, reference: str = "", detail: str = "") -> AuditEvent:
    """Adds one event. `by` is a user, PATIENT or SYSTEM; `detail` holds nothing that anybody wrote.

    Call it last in the transaction of what it tells: until that ends, nobody else can add one.
    """
    head, _created = AuditHead.objects.select_for_update().get_or_create(pk=1)
    actor = by if isinstance(by, str) else by.get_username()
    event = AuditEvent(sequence=head.sequence + 1, actor=actor, action=action, reference=reference, detail=detail[:300])
    event.detail_digest = _detail_digest(event)
    event.digest = link(event, head.digest)
    event.save()
    head.sequence, head.digest = event.sequence, event.digest
    head.save()
    return event


def link(event: AuditEvent, before: str) -> str:
    """The digest of this event, which holds the digest of the one before."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    told = [event.sequence, at, event.actor, event.action, event.reference, event.detail_digest, before]
    return keyed_digest("audit", json.dumps(told))


def broken_links() -> Iterator[str]:
    """A sentence for each place where the log is not what was written."""
    expected, before = 1, ""
    without_detail = {}
    erased_at = {}
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
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
    for sequence, reference in without_detail.items():
        if erased_at.get(reference, 0) <= sequence:
            yield f"The detail of event {sequence} was taken away, and its request was not erased."
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if (head.sequence, head.digest) != (expected - 1, before):
        yield f"The log ends at {expected - 1}, and should end at {head.sequence}."


def _detail_digest(event):
    # With the number: the same word has another digest in each event, and cannot be guessed by comparing.
    return keyed_digest("audit-detail", f"{event.sequence} {event.detail}")
