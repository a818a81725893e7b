"""What is not needed any more goes: requests that were over long enough, and what only served its moment."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from consultations.erasure import empty_the_journal, erase_inquiry
from consultations.models import Attachment, Inquiry, LinkRequest, Presence, RateLimit, StatusPass
from consultations.models.inquiry import OVER
from gutskin.accounts.cleanup import outdated_rows
from gutskin.audit.hash_chain import SYSTEM
from gutskin.mail.models import Notification

MAILS_KEPT_FOR = timedelta(days=30)
TRACES_KEPT_FOR = timedelta(days=1)


@dataclass
class Purge:
    """How many rows of each kind went, whose requests, and which could not be erased."""

    counts: Counter = field(default_factory=Counter)
    references: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def due_for_purge():
    """Over for RETENTION_DAYS, and on no legal hold. Without that setting nothing is due."""
    if settings.RETENTION_DAYS is None:
        return Inquiry.objects.none()
    before = timezone.now() - timedelta(days=settings.RETENTION_DAYS)
    return Inquiry.objects.filter(status__in=OVER, closed_at__lt=before, held_at__isnull=True).order_by("closed_at")


def purge(*, dry_run: bool = False) -> Purge:
    """Erases what is due, each request in a transaction of its own. A dry run does all of it and takes it back."""
    done = Purge()
    for pk in list(due_for_purge().values_list("pk", flat=True)):
        _purge_one(pk, done, dry_run)
    tidy_up(done, dry_run=dry_run)
    if not dry_run:
        # At once, or after the transaction in which this was called.
        transaction.on_commit(empty_the_journal)
    return done


def tidy_up(done: Purge, *, dry_run: bool = False) -> None:
    """Forms nobody sent, mails long delivered, visits that are over, counts of addresses, traces of logins."""
    now = timezone.now()
    stale = [
        Attachment.objects.abandoned(),
        Notification.objects.filter(delivered_at__lt=now - MAILS_KEPT_FOR),
        # While a request is open, its page says that its patient cannot be reached by mail.
        Notification.objects.filter(refused_at__lt=now - MAILS_KEPT_FOR, inquiry__status__in=OVER),
        StatusPass.objects.over().filter(created_at__lt=now - TRACES_KEPT_FOR),
        # The mail worker takes them within seconds; after a day without one, nobody waits for the link any more.
        LinkRequest.objects.filter(asked_at__lt=now - TRACES_KEPT_FOR),
        RateLimit.objects.filter(window_start__lt=now - TRACES_KEPT_FOR),
        Presence.objects.filter(seen_at__lt=now - TRACES_KEPT_FOR),
        *outdated_rows(),
    ]
    for rows in stale:
        with transaction.atomic():
            count, _by_model = rows.delete()
            transaction.set_rollback(dry_run)
        if count:
            done.counts[rows.model.__name__] += count


def _purge_one(pk, done, dry_run):
    try:
        with transaction.atomic():
            # Looked at again under the lock: it may have been opened again or put on hold since.
            inquiry = due_for_purge().select_for_update().filter(pk=pk).first()
            if not inquiry:
                return
            counts = erase_inquiry(inquiry, by=SYSTEM)
            transaction.set_rollback(dry_run)
    except DatabaseError:
        # One that does not go must not keep the others; whoever runs this is told.
        # None: erased by the patient at the same moment.
        done.failed.extend(Inquiry.objects.filter(pk=pk).values_list("reference", flat=True))
        return
    done.counts.update(counts)
    done.references.append(inquiry.reference)
