"""Mail is written down in the transaction that causes it and sent afterwards, by any number of deliverers."""

import logging
import smtplib
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from consultations.models import Inquiry, Notification, StatusPass

logger = logging.getLogger(__name__)

# Longer than a mail server can keep one attempt waiting (EMAIL_TIMEOUT for each step of the conversation).
LEASE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)


def queue_mail(kind: Notification.Kind, *, inquiry: Inquiry, to: str, language: str) -> Notification:
    notification = Notification(kind=kind, inquiry=inquiry, recipient=to, language=language)
    notification.message_id = f"<{notification.public_id}@{urlsplit(settings.SITE_URL).hostname}>"
    notification.save()
    return notification


def claim(notification: Notification) -> bool:
    """Whoever's update changes the row has it; the others go on to the next."""
    lease_until = timezone.now() + LEASE
    claimed = Notification.objects.due().filter(pk=notification.pk)
    if claimed.update(lease_until=lease_until, attempts=F("attempts") + 1) != 1:
        return False
    notification.lease_until = lease_until
    notification.attempts += 1
    return True


def deliver(notification: Notification) -> bool:
    """Sends what was claimed and writes down how it went. Failed is not lost: it is tried again, later and later."""
    try:
        message_for(notification).send()
    except smtplib.SMTPRecipientsRefused as error:
        # A mailbox of our own can be mended: its mail is tried again, and shows as stuck until it has left.
        is_for_good = all(code >= 500 for code, _reason in error.recipients.values())
        refused_for_good = notification.is_to_the_patient and is_for_good
        _put_back(notification, error, refused_for_good=refused_for_good)
    except Exception as error:
        # Whatever is wrong with one mail, the others must leave.
        _put_back(notification, error)
    else:
        _mine(notification).update(delivered_at=timezone.now(), lease_until=None, last_error="")
        return True
    return False


def message_for(notification: Notification) -> EmailMultiAlternatives:
    context = {"inquiry": notification.inquiry, "site_url": settings.SITE_URL, "clinic_phone": settings.CLINIC_PHONE}
    if notification.kind == Notification.Kind.STATUS_LINK:
        # Made now, not when it was asked for: it lives for 15 minutes, and its secret waits in no table.
        token = StatusPass.objects.issue(notification.inquiry, StatusPass.Purpose.LINK)
        context["query"] = urlencode({"key": token})
    folder = f"consultations/mail/{notification.kind}"
    with translation.override(notification.language):
        subject = render_to_string(f"{folder}/subject.txt", context).strip()
        text = render_to_string(f"{folder}/body.txt", context)
        html = render_to_string(f"{folder}/body.html", context)
    message = EmailMultiAlternatives(
        subject,
        text,
        to=[notification.recipient],
        headers={"Message-ID": notification.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    return message


def _mine(notification):
    # With the lease: a deliverer that was slower than its lease must not overwrite what the next one found out.
    return Notification.objects.filter(pk=notification.pk, lease_until=notification.lease_until)


def _put_back(notification, error, *, refused_for_good=False):
    # The class only: what a mail server answers often repeats the address.
    reason = type(error).__name__
    logger.warning("Mail %s was not delivered (%s)", notification.message_id, reason)
    now = timezone.now()
    pause = min(timedelta(minutes=2 ** min(notification.attempts - 1, 10)), LONGEST_PAUSE)
    _mine(notification).update(
        lease_until=None,
        next_try_at=now + pause,
        refused_at=now if refused_for_good else None,
        last_error=reason,
    )
