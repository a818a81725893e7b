"""Back to the status page without the receipt code: a link by mail to the address that was given with the request."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from consultations.actions.status_passes import begin_visit, send_links, use_link
from consultations.models import Inquiry, LinkRequest, RateLimit, StatusPass
from consultations.models.inquiry import OVER
from consultations.request_numbers import email_index
from gutskin import limits
from gutskin.encryption.cipher import EncryptionError
from gutskin.mail.models import Notification
from gutskin.rate_limits import TooManyRequests, increment_or_raise

logger = logging.getLogger(__name__)


class ManyAreAsking(TooManyRequests):
    """All together asked too often, and this reader perhaps for the first time."""


@transaction.atomic
def ask_for_link(*, email: str, reference: str, address: str) -> None:
    """Writes down that somebody asked; the same work for every address. Raises TooManyRequests, ManyAreAsking."""
    increment_or_raise(RateLimit, address, at_most=limits.LINK_REQUESTS_PER_HOUR, purpose="lost code")
    try:
        increment_or_raise(RateLimit, "everybody", at_most=limits.LINK_REQUESTS_PER_HOUR_BY_ALL, purpose="lost code")
    except TooManyRequests as error:
        raise ManyAreAsking(error.again_at) from None
    LinkRequest.objects.create(email=email, reference=reference)


def answer_link_requests() -> int:
    """For the mail worker: queues the links that were asked for. How many times somebody had asked."""
    return sum(_answer(asked) for asked in LinkRequest.objects.order_by("pk"))


@transaction.atomic
def open_by_link(token: str) -> str | None:
    """Uses the link up. The secret of a visit; None when it was used before or is too old."""
    inquiry = use_link(token)
    return begin_visit(inquiry) if inquiry else None


def is_good_link(token: str) -> bool:
    return StatusPass.objects.opened_by(token).filter(purpose=StatusPass.Purpose.LINK).exists()


@transaction.atomic
def _answer(asked):
    # Whoever deletes the row answers it: two workers send one mail.
    if LinkRequest.objects.filter(pk=asked.pk).delete()[0] == 0:
        return False
    try:
        found = _requests_of(asked.email, asked.reference)
    except EncryptionError:
        # Its key is gone. They can ask again.
        logger.error("A request for a link does not open and is forgotten")
        return True
    send_links([inquiry for inquiry in found if _opens(inquiry)])
    return True


def _opens(inquiry):
    try:
        return bool(inquiry.email)
    except EncryptionError:
        logger.error("The address of request %s does not open: it gets no link", inquiry.pk)
        return False


def _requests_of(email, reference):
    """The newest open ones of this address; with a reference that one, closed or not."""
    theirs = Inquiry.objects.filter(email_index=email_index(email))
    theirs = theirs.filter(reference=reference) if reference else theirs.exclude(status__in=OVER)
    newest = theirs.order_by("-received_at")[: limits.LINKS_AT_ONCE]
    # Whoever fills another's mailbox asks from many places: here it is counted per request.
    lately = timezone.now() - timedelta(hours=1)
    links = Notification.objects.filter(kind="status_link", created_at__gt=lately, inquiry__in=list(newest))
    sent = list(links.values_list("about_id", flat=True))
    return [inquiry for inquiry in newest if sent.count(inquiry.pk) < limits.LINKS_PER_HOUR]
