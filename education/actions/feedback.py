"""What readers answer to “Was this page helpful?”, and what the staff does about it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from education.actions.history import record
from education.models import Feedback, FeedbackLimit
from gutskin import limits
from gutskin.exceptions import ActionRefused
from gutskin.rate_limits import address_key, increment_or_raise

# A second click comes within seconds. Longer, and two people at one clinic's address would count as one.
SAME_CLICK = timedelta(minutes=5)
WORDS_KEPT = timedelta(days=365)
COUNTS_KEPT = timedelta(days=2)
SALT = "education.feedback"


@transaction.atomic
def give_feedback(revision, *, is_helpful: bool, address: str) -> bool:
    """Counts a “yes” or a “no”; False if the same address said the same of it a moment ago. TooManyRequests."""
    if _said_a_moment_ago(address_key(address, SALT), revision.pk, is_helpful):
        return False
    increment_or_raise(FeedbackLimit, address, at_most=limits.FEEDBACK_PER_HOUR)
    Feedback.objects.create(revision=revision, is_helpful=is_helpful)
    return True


@transaction.atomic
def explain_feedback(revision, *, nonce: str, reason: str, words: str, address: str) -> bool:
    """Says why the page did not help; False if this very answer came before under its `nonce`. TooManyRequests.

    The “no” itself is counted already, and nobody knows which of the bare ones was this reader's. They are all alike,
    so the newest takes the words; only where none is left does the answer count anew.
    """
    if not _is_first(nonce, revision.pk, reason, words):
        return False
    increment_or_raise(FeedbackLimit, address, at_most=limits.FEEDBACK_PER_HOUR)
    # Two readers at once take two of them.
    bare = Feedback.objects.select_for_update(skip_locked=True).filter(
        revision=revision, is_helpful=False, reason="", words=""
    )
    feedback = bare.filter(handled_at__isnull=True).order_by("-pk").first()
    feedback = feedback or Feedback(revision=revision, is_helpful=False)
    feedback.reason, feedback.words = reason, words
    feedback.save()
    return True


@transaction.atomic
def handle_feedback(feedback, *, by, note):
    """A colleague has read it and done something, or decided that nothing needs doing. Refused without a note."""
    feedback = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if feedback.handled_at is not None:
        raise ActionRefused(_("Somebody has dealt with this already."))
    if not note.strip():
        raise ActionRefused(_("Say what was done, or why nothing needs doing."))
    feedback.handled_at, feedback.handled_by, feedback.handled_note = timezone.now(), by, note.strip()
    feedback.save(update_fields=["handled_at", "handled_by", "handled_note"])
    record(feedback, by=by, message=_("Dealt with."))
    return feedback


def delete_old_feedback_words(*, now=None) -> int:
    """Takes the words off answers of a year ago, and returns of how many. The counts stay, and so do reasons."""
    now = now or timezone.now()
    FeedbackLimit.objects.filter(window_start__lt=now - COUNTS_KEPT).delete()
    return Feedback.objects.filter(created_at__lt=now - WORDS_KEPT).exclude(words="").update(words="")


def _said_a_moment_ago(*what) -> bool:
    """Remembers what was said for five to ten minutes, as a digest that names nobody."""
    now = timezone.now()
    period = int(now.timestamp() // SAME_CLICK.total_seconds())
    if FeedbackLimit.objects.filter(key=_digest(period - 1, *what)).exists():
        return True
    return not _is_new(_digest(period, *what), now)


def _is_first(*what) -> bool:
    return _is_new(_digest("once", *what), timezone.now())


def _is_new(key, now):
    _row, is_new = FeedbackLimit.objects.get_or_create(key=key, defaults={"window_start": now, "count": 1})
    return is_new


def _digest(*what):
    return salted_hmac(SALT, "\n".join(str(part) for part in what), algorithm="sha256").hexdigest()
