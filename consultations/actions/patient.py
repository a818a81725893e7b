"""What patients do on the status page. The audit log calls all of them "patient" and names no one."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.staff_actions import lock, set_status
from consultations.actions.status_passes import begin_visit
from consultations.exceptions import StepNotAllowed
from consultations.models import Consent, Inquiry, Message, RateLimit, Status, StatusPass
from consultations.request_numbers import receipt_digest
from consultations.retention import Cause, erase_inquiry
from gutskin import limits
from gutskin.audit.hash_chain import PATIENT, record
from gutskin.audit.models import AuditEvent
from gutskin.exceptions import ActionRefused
from gutskin.rate_limits import count_unless_right

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


def begin_visit_by_code(code: str, *, address: str) -> str | None:
    """Returns the token of a new visit, or None for a wrong code. `address` is the patient's IP address.

    Every wrong code takes the same work, one count and one look-up by digest, so the time tells nothing about it.
    Raises TooManyRequests.
    """
    needed = ["public_id", "reference", "receipt_digest", "email_index", "seal"]
    with count_unless_right(RateLimit, address, at_most=limits.CODES_PER_HOUR, purpose="receipt code") as tried:
        inquiry = Inquiry.objects.filter(receipt_digest=receipt_digest(code)).only(*needed).first()
        tried.is_right = inquiry is not None and inquiry.is_sealed
    return begin_visit(inquiry, StatusPass.OpenedWith.CODE) if tried.is_right else None


def mark_read(messages: list[Message]) -> None:
    """Marks the clinic's messages among these as read, if the patient sees them for the first time."""
    unread = [message.pk for message in messages if not message.is_from_patient and message.read_at is None]
    if unread:
        # Checked again in the update: in two tabs, the first time counts.
        Message.objects.filter(pk__in=unread, read_at__isnull=True).update(read_at=timezone.now())


@transaction.atomic
def withdraw(inquiry: Inquiry) -> None:
    """Stops the request. Its content stays until it is erased or its retention period ends. Raises StepNotAllowed.

    If staff had noted that the patient withdrew it, that is recorded as said by the patient: no one reopens it now.
    """
    lock(inquiry)
    if inquiry.status == Status.WITHDRAWN:
        # A second click is not an error.
        if not inquiry.withdrawn_from:
            return
    elif Status.WITHDRAWN not in inquiry.next_steps:
        raise StepNotAllowed(inquiry.status, Status.WITHDRAWN)
    else:
        set_status(inquiry, to=Status.WITHDRAWN)
    record(Action.WITHDRAWN, by=PATIENT, reference=inquiry.reference)


@transaction.atomic
def withdraw_consent(inquiry: Inquiry, *, purpose: str) -> bool:
    """Records that consent for `purpose` was withdrawn (GDPR Article 7(3)). Returns False if it already was.

    The request becomes "withdrawn" whatever its status, also against Inquiry.next_steps: without consent no one may
    answer it, and neither a colleague nor a message may reopen it.
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
            # The retention period began when the request was closed, and does not start again.
            inquiry.closed_at = over_since
            inquiry.save(update_fields=["closed_at"])
    record(Action.CONSENT_CHANGED, by=PATIENT, reference=inquiry.reference, detail=detail)
    return True


@transaction.atomic
def erase(inquiry: Inquiry) -> None:
    """Erases the request and everything that belongs to it, immediately and for good. Raises OnLegalHold."""
    lock(inquiry)
    # GDPR Article 17(3)(e): no right to erasure while a legal claim needs the data.
    if inquiry.held_at:
        raise OnLegalHold
    erase_inquiry(inquiry, by=PATIENT, cause=Cause.PATIENT)


def record_download(inquiry: Inquiry, *, what: str) -> None:
    """Records a download. `what` is the kind of file, such as "zip"."""
    record(Action.DOWNLOADED, by=PATIENT, reference=inquiry.reference, detail=what)
