"""What patients do on the status page. They sign as "patient": the log names no patient."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.staff_actions import lock, set_status
from consultations.actions.status_passes import begin_visit
from consultations.erasure import Cause, erase_inquiry
from consultations.exceptions import StepNotAllowed
from consultations.models import Consent, Inquiry, Message, RateLimit, Status
from consultations.request_numbers import receipt_digest
from gutskin import limits
from gutskin.audit.hash_chain import PATIENT, record
from gutskin.audit.models import AuditEvent
from gutskin.exceptions import ActionRefused
from gutskin.rate_limits import increment_or_raise

Action = AuditEvent.Action


class OnLegalHold(ActionRefused):
    def __init__(self):
        super().__init__(
            _(
                "We must not erase your request at the moment: a court or a complaint needs it. If you do not agree, "
                "call us or send us a message on this page. You can also complain to the data protection authority "
                "of your country."
            )
        )


@transaction.atomic
def visit_by_code(code: str, *, address: str) -> str | None:
    """The secret of a new visit, or None for a code that opens nothing. Raises TooManyRequests.

    Every wrong code costs the same: one count and one look-up by digest, whatever was typed.
    """
    increment_or_raise(RateLimit, address, at_most=limits.CODES_PER_HOUR, purpose="receipt code")
    inquiry = Inquiry.objects.filter(receipt_digest=receipt_digest(code)).only("reference").first()
    return begin_visit(inquiry) if inquiry else None


def mark_read(messages: list[Message]) -> None:
    """The clinic's messages that the patient has on the screen for the first time."""
    unread = [message.pk for message in messages if not message.is_from_patient and message.read_at is None]
    if unread:
        Message.objects.filter(pk__in=unread, read_at__isnull=True).update(read_at=timezone.now())


@transaction.atomic
def withdraw(inquiry: Inquiry) -> None:
    """Stops the request. What was written stays until the time to keep it is over, or until it is erased."""
    lock(inquiry)
    if inquiry.status == Status.WITHDRAWN:
        return
    if Status.WITHDRAWN not in inquiry.next_steps:
        raise StepNotAllowed(inquiry.status, Status.WITHDRAWN)
    set_status(inquiry, to=Status.WITHDRAWN)
    record(Action.WITHDRAWN, by=PATIENT, reference=inquiry.reference)


@transaction.atomic
def take_back_consent(inquiry: Inquiry, *, purpose: str) -> bool:
    """Without consent nobody answers: the request is withdrawn, wherever it stood, so that neither a colleague nor a
    message opens it again. False when consent was taken back before.
    """
    lock(inquiry)
    given = Consent.objects.filter(inquiry=inquiry, purpose=purpose, withdrawn_at__isnull=True)
    if not given.update(withdrawn_at=timezone.now()):
        return False
    detail = f"{purpose} taken back"
    if inquiry.status != Status.WITHDRAWN:
        detail = f"{detail}, {inquiry.status} → {Status.WITHDRAWN}"
        over_since = inquiry.closed_at
        set_status(inquiry, to=Status.WITHDRAWN)
        if over_since:
            # The time to keep it began when it was closed, and does not begin again.
            inquiry.closed_at = over_since
            inquiry.save(update_fields=["closed_at"])
    record(Action.CONSENT_CHANGED, by=PATIENT, reference=inquiry.reference, detail=detail)
    return True


@transaction.atomic
def erase(inquiry: Inquiry) -> None:
    """Erases the request and all that belongs to it, at once and for good. Raises OnLegalHold."""
    lock(inquiry)
    if inquiry.held_at:
        raise OnLegalHold
    erase_inquiry(inquiry, by=PATIENT, cause=Cause.PATIENT)


def record_download(inquiry: Inquiry, *, what: str) -> None:
    """`what`: the kind of file, such as "zip"."""
    record(Action.DOWNLOADED, by=PATIENT, reference=inquiry.reference, detail=what)
