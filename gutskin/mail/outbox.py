"""The outbox: mail is stored in the transaction that causes it, and sent afterwards by any number of workers.

A worker claims a row by an update that must change exactly one row, and holds it for a lease. When it dies, the lease
runs out and another worker takes the row. When sending fails, the next try comes after a pause that doubles up to an
hour (exponential backoff). Leases and pauses are measured by the clock of the database: with their own, a worker whose
clock is ahead would take the mail that another one is sending.
"""

import logging
import smtplib
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Model
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone, translation

from gutskin.mail.kinds import mail_kind
from gutskin.mail.models import Notification

logger = logging.getLogger(__name__)

# Longer than a mail server can delay one attempt (EMAIL_TIMEOUT for each step of the conversation): otherwise a second
# worker would send the same mail while the first still tries.
LEASE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)


def queue_mail(kind: str, *, about: Model, to: str, language: str) -> Notification | None:
    """Stores one mail for the worker. Call it in the transaction of the change that the mail is about.

    `kind` is the name of a kind registered in gutskin.mail.kinds; any other raises LookupError. Returns None, and
    stores nothing, if no such mail is wanted.
    """
    if not mail_kind(kind).is_wanted(about):
        return None
    notification = Notification(kind=mail_kind(kind).name, about=about, recipient=to, language=language)
    notification.message_id = f"<{notification.public_id}@{urlsplit(settings.SITE_URL).hostname}>"
    notification.save()
    return notification


def claim(notification: Notification) -> bool:
    """Leases the row to this worker. False when another worker was quicker."""
    unclaimed = Notification.objects.due().filter(pk=notification.pk, attempts=notification.attempts)
    if unclaimed.update(lease_until=Now() + LEASE, attempts=notification.attempts + 1) != 1:
        return False
    notification.attempts += 1
    return True


def deliver(notification: Notification) -> bool:
    """Sends a claimed mail and records the result. False if it failed: it stays in the outbox and is tried again."""
    try:
        message = message_for(notification)
        if message is None:
            _claimed(notification).delete()
            return True
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        # A mailbox of our own can be repaired: its mail is tried again, and counts as stuck until then.
        is_permanent = all(code >= 500 for code, _reason in error.recipients.values())
        _retry_later(notification, error, refused_permanently=notification.is_to_the_patient and is_permanent)
    except Exception as error:
        # Whatever is wrong with one mail, the others must be sent.
        _retry_later(notification, error)
    else:
        _claimed(notification).update(delivered_at=timezone.now(), lease_until=None, last_error="")
        return True
    return False


def message_for(notification: Notification) -> EmailMultiAlternatives | None:
    """The mail, in the recipient's language; None if it is not needed or wanted any more."""
    kind = mail_kind(notification.kind)
    about = notification.about
    # None after a restore: invitations are not in a backup, but the mails that were queued about them are.
    if about is None or not kind.is_wanted(about):
        return None
    details = kind.context(about)
    if details is None:
        return None
    context = {"site_url": settings.SITE_URL, "clinic_phone": settings.CLINIC_PHONE} | details
    with translation.override(notification.language):
        subject = render_to_string(f"{kind.templates}/subject.txt", context).strip()
        text = render_to_string(f"{kind.templates}/body.txt", context)
        html = render_to_string(f"{kind.templates}/body.html", context)
    message = EmailMultiAlternatives(
        subject,
        text,
        to=[notification.recipient],
        # Auto-Submitted keeps out-of-office programs from answering (RFC 3834).
        headers={"Message-ID": notification.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    return message


def _claimed(notification):
    # By the attempt: a worker that was slower than its lease must not overwrite what the next one recorded.
    return Notification.objects.filter(pk=notification.pk, attempts=notification.attempts)


def _retry_later(notification, error, *, refused_permanently=False):
    # The class only: the text of a mail server's error often repeats the address.
    reason = type(error).__name__
    logger.warning("Mail %s was not delivered (%s)", notification.message_id, reason)
    # The exponent is capped, because after some forty attempts it would overflow timedelta.
    pause = min(timedelta(minutes=2 ** min(notification.attempts - 1, 10)), LONGEST_PAUSE)
    _claimed(notification).update(
        lease_until=None,
        next_try_at=Now() + pause,
        refused_at=timezone.now() if refused_permanently else None,
        last_error=reason,
    )
