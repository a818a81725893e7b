"""How a patient gets to the status page: with the receipt code, or with a link by mail that works once."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from consultations.models import Inquiry, StatusPass
from gutskin.audit.hash_chain import PATIENT, record
from gutskin.audit.models import AuditEvent
from gutskin.mail.outbox import queue_mail

Purpose = StatusPass.Purpose


@transaction.atomic
def send_links(inquiries: Iterable[Inquiry]) -> None:
    """Mails a patient links that each open a status page once. Asked for twice, one mail is enough."""
    kind, asked_for = "status_link", []
    # In the order in which a merge locks them.
    for inquiry in sorted(inquiries, key=lambda inquiry: inquiry.pk):
        if not inquiry.notifications.undelivered().filter(kind=kind).exists():
            queue_mail(kind, about=inquiry, to=inquiry.email, language=inquiry.language)
            asked_for.append(inquiry)
    # The first event locks the log's end, and a mail locks its request: one after the other, that would be a deadlock
    # with a colleague who holds the second request and waits for the log.
    for inquiry in asked_for:
        record(AuditEvent.Action.LINK_ASKED_FOR, by=PATIENT, reference=inquiry.reference)


@transaction.atomic
def use_link(token: str) -> Inquiry | None:
    """Whoever's update changes the row has used the link; the second gets None, as does whoever comes too late."""
    links = StatusPass.objects.opened_by(token).filter(purpose=Purpose.LINK)
    link = links.select_related("inquiry").first()
    return link.inquiry if link and links.update(used_at=timezone.now()) == 1 else None


@transaction.atomic
def begin_visit(inquiry: Inquiry) -> str:
    """The secret of a visit of 30 minutes, for a cookie."""
    token = StatusPass.objects.issue(inquiry, Purpose.VISIT)
    record(AuditEvent.Action.STATUS_PAGE_OPENED, by=PATIENT, reference=inquiry.reference)
    return token


def visit_of(token: str) -> StatusPass | None:
    """The visit that is still going on, with its request; `ends_at` says how long."""
    visits = StatusPass.objects.opened_by(token).filter(purpose=Purpose.VISIT)
    return visits.select_related("inquiry__condition").first() if token else None


def end_visit(token: str) -> None:
    StatusPass.objects.opened_by(token).filter(purpose=Purpose.VISIT).update(used_at=timezone.now())
