"""Getting to the status page without the receipt code: a link is mailed to the address given with the request.

Asking only stores a row; the mail worker looks for the requests and answers. So the page takes the same time for every
address, and no one can find out by asking whether a person has sent a request.
"""

import logging
import unicodedata
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from consultations.actions.status_passes import begin_visit, send_links, use_link
from consultations.forms.fields import can_be_phoned
from consultations.models import Inquiry, LinkRequest, RateLimit, StatusPass
from consultations.models.choices import OVER
from consultations.request_numbers import email_index, pin_digest
from gutskin import limits
from gutskin.encryption.cipher import EncryptionError
from gutskin.mail.models import Notification
from gutskin.rate_limits import TooManyRequests, count_unless_right, increment_or_raise

logger = logging.getLogger(__name__)

PHONE_DIGITS = 4


class SiteLimitReached(TooManyRequests):
    """Everyone together asked too often; this reader may have asked only once."""


@transaction.atomic
def ask_for_link(*, email: str, reference: str, address: str) -> None:
    """Stores that a reader asked for a link; `address` is their IP address.

    Raises TooManyRequests if this address asked too often, and SiteLimitReached if all addresses together did.
    """
    increment_or_raise(RateLimit, address, at_most=limits.LINK_REQUESTS_PER_HOUR, purpose="lost code")
    try:
        increment_or_raise(RateLimit, "everybody", at_most=limits.LINK_REQUESTS_PER_HOUR_BY_ALL, purpose="lost code")
    except TooManyRequests as error:
        raise SiteLimitReached(error.again_at) from None
    LinkRequest.objects.create(email=email, reference=reference)


def answer_link_requests() -> int:
    """Queues the links that were asked for; called by the mail worker. Returns the number of questions answered."""
    return sum(_answer(asked) for asked in LinkRequest.objects.order_by("pk"))


@transaction.atomic
def begin_visit_by_link(token: str) -> str | None:
    """Uses the link up and returns the token of a visit, or None if the link was used before or has expired.

    The visit shows the status only: others may read the mailbox, or the address may have been mistyped.
    """
    inquiry = use_link(token)
    return begin_visit(inquiry, StatusPass.OpenedWith.LINK) if inquiry else None


def question_after_link(inquiry: Inquiry) -> str:
    """What a visit by link is asked before it shows the story: "pin", "phone", or nothing that we could ask."""
    if inquiry.pin_digest:
        return "pin"
    if inquiry.is_corrected_by_staff:
        return ""
    try:
        return "phone" if can_be_phoned(inquiry.phone) else ""
    except EncryptionError:
        return ""


def answer_after_link(inquiry: Inquiry, *, pin: str = "", phone: str = "", age_group: str = "") -> str | None:
    """Returns the token of a visit that shows the story if the answer to `question_after_link` is right, else None.

    Raises TooManyRequests: there are few PINs, so only a few wrong ones may be tried.
    """
    purpose, at_most = "answer after link", limits.ANSWERS_AFTER_LINK_PER_HOUR
    with count_unless_right(RateLimit, inquiry.reference, at_most=at_most, purpose=purpose) as tried:
        tried.is_right = _is_right_answer(inquiry, pin, phone, age_group)
    return begin_visit(inquiry, StatusPass.OpenedWith.ANSWER) if tried.is_right else None


def _is_right_answer(inquiry, pin, phone, age_group):
    question = question_after_link(inquiry)
    if question == "pin":
        return constant_time_compare(pin_digest(inquiry.idempotency_key, pin), inquiry.pin_digest)
    if question != "phone":
        return False
    given, expected = f"{_last_digits(phone)} {age_group}", f"{_last_digits(inquiry.phone)} {inquiry.age_group}"
    return constant_time_compare(given, expected)


def _last_digits(phone):
    """Its last four digits as ASCII, whatever stands between them and in whichever script they were typed."""
    return "".join(str(unicodedata.digit(sign)) for sign in phone if sign.isdecimal())[-PHONE_DIGITS:]


def is_valid_link(token: str) -> bool:
    return StatusPass.objects.opened_by(token).filter(purpose=StatusPass.Purpose.LINK).exists()


@transaction.atomic
def _answer(asked):
    # The worker that deletes the row answers it, so two workers send one mail.
    if LinkRequest.objects.filter(pk=asked.pk).delete()[0] == 0:
        return False
    try:
        found = _requests_of(asked.email, asked.reference)
    except EncryptionError:
        # Its encryption key is gone. The reader can ask again.
        logger.error("A request for a link cannot be decrypted and was deleted")
        return True
    send_links([inquiry for inquiry in found if _can_get_a_link(inquiry)])
    return True


def _can_get_a_link(inquiry):
    if inquiry.email_refused_at:
        return False
    if not inquiry.is_sealed:
        logger.error("Request %s was altered by hand: it gets no link", inquiry.pk)
        return False
    try:
        return bool(inquiry.email)
    except EncryptionError:
        logger.error("The address of request %s cannot be decrypted: it gets no link", inquiry.pk)
        return False


def _requests_of(email, reference):
    """Returns the newest open requests of this address, or the one with this reference, closed or not."""
    theirs = Inquiry.objects.filter(email_index=email_index(email))
    theirs = theirs.filter(reference=reference) if reference else theirs.exclude(status__in=OVER)
    newest = theirs.order_by("-received_at")[: limits.LINKS_AT_ONCE]
    # An attacker who wants to fill a patient's mailbox asks from many IP addresses: links are counted per request, too.
    hour_ago = timezone.now() - timedelta(hours=1)
    links = Notification.objects.filter(kind="status_link", created_at__gt=hour_ago, inquiry__in=list(newest))
    sent = list(links.values_list("about_id", flat=True))
    return [inquiry for inquiry in newest if sent.count(inquiry.pk) < limits.LINKS_PER_HOUR]
