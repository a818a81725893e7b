"""What readers answer to “Was this page helpful?”, and what staff do about it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from education.actions.publication import log_change
from education.models import Feedback, FeedbackLimit
from gutskin import limits
from gutskin.exceptions import ActionRefused
from gutskin.proxy import UNKNOWN
from gutskin.rate_limits import address_key, increment_or_raise

# A double click takes seconds. With a longer period, two people at a clinic's one address would count as one.
DOUBLE_CLICK = timedelta(minutes=5)
WORDS_RETENTION = timedelta(days=365)
LIMITS_RETENTION = timedelta(days=2)
SALT = "education.feedback"


@transaction.atomic
def give_feedback(revision, *, is_helpful: bool, address: str) -> bool:
    """Counts a “yes” or a “no”. False if it is a repeat: the same answer from the same address a moment ago.

    Raises TooManyRequests above the hourly limit. The address is stored only as a keyed digest.
    """
    if address != UNKNOWN and _is_repeat(address_key(address, SALT), revision.pk, is_helpful):
        return False
    # Counted after the check for repeats: a double click must not use up the limit.
    increment_or_raise(FeedbackLimit, address, at_most=limits.FEEDBACK_PER_HOUR)
    Feedback.objects.create(revision=revision, is_helpful=is_helpful)
    return True


@transaction.atomic
def explain_feedback(revision, *, nonce: str, reason: str, words: str, address: str) -> bool:
    """Stores why the page did not help. False if this answer, with its `nonce`, has been stored before.

    The “no” has already been counted, but nothing says which of the stored ones was this reader's. Those without a
    reason are all alike, so the newest of them takes it; a new one is stored only if none is left.
    Raises TooManyRequests above the hourly limit of the address.
    """
    if not _is_first(nonce, revision.pk, reason, words):
        return False
    increment_or_raise(FeedbackLimit, address, at_most=limits.FEEDBACK_PER_HOUR)
    # skip_locked: of two readers at the same time, each takes a row of its own.
    unexplained = Feedback.objects.select_for_update(skip_locked=True).filter(
        revision=revision, is_helpful=False, reason="", words=""
    )
    feedback = unexplained.filter(handled_at__isnull=True).order_by("-pk").first()
    feedback = feedback or Feedback(revision=revision, is_helpful=False)
    feedback.reason, feedback.words = reason, words
    feedback.save()
    return True


@transaction.atomic
def handle_feedback(feedback, *, by, note):
    """Marks it as dealt with: a colleague has done something, or decided that nothing needs doing.

    Raises ActionRefused without a note, or if a colleague has dealt with it already.
    """
    # Locked, so that the note of one colleague cannot overwrite that of another.
    feedback = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if feedback.handled_at is not None:
        raise ActionRefused(_("Someone has already dealt with this."))
    if not note.strip():
        raise ActionRefused(_("Say what was done, or why nothing needs doing."))
    feedback.handled_at, feedback.handled_by, feedback.handled_note = timezone.now(), by, note.strip()
    feedback.save(update_fields=["handled_at", "handled_by", "handled_note"])
    log_change(feedback, by=by, message=_("Dealt with."))
    return feedback


def delete_old_feedback_words(*, now=None) -> int:
    """Empties the comments of answers older than a year, and returns how many. The counts and reasons stay."""
    now = now or timezone.now()
    FeedbackLimit.objects.filter(window_start__lt=now - LIMITS_RETENTION).delete()
    return Feedback.objects.filter(created_at__lt=now - WORDS_RETENTION).exclude(words="").update(words="")


def _is_repeat(*values) -> bool:
    """True if the same values came in the last five to ten minutes. Stored as a digest that identifies no one.

    Time is cut into periods, since a digest cannot be compared by age: the current period and the one before count.
    """
    now = timezone.now()
    period = int(now.timestamp() // DOUBLE_CLICK.total_seconds())
    if FeedbackLimit.objects.filter(key=_digest(period - 1, *values)).exists():
        return True
    return not _is_new(_digest(period, *values), now)


def _is_first(*values) -> bool:
    return _is_new(_digest("once", *values), timezone.now())


def _is_new(key, now):
    _row, is_new = FeedbackLimit.objects.get_or_create(key=key, defaults={"window_start": now, "count": 1})
    return is_new


def _digest(*values):
    # Keyed with SECRET_KEY. A plain hash of an IPv4 address could be reversed by trying all four billion.
    return salted_hmac(SALT, "\n".join(str(value) for value in values), algorithm="sha256").hexdigest()
