"""The passes that open a status page: a link by mail, which works once, and the visit that it or a code begins."""

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
    """Queues a mail for each request with a link that opens its status page once, unless one is already queued."""
    kind, asked_for = "status_link", []
    # In the order in which a merge locks requests.
    for inquiry in sorted(inquiries, key=lambda inquiry: inquiry.pk):
        if not inquiry.notifications.undelivered().filter(kind=kind).exists():
            queue_mail(kind, about=inquiry, to=inquiry.email, language=inquiry.language)
            asked_for.append(inquiry)
    # All mails first, then all events: a mail locks its request, an event the end of the audit log. One after the other
    # for each request, they would deadlock with a colleague who holds the second request and waits for the log.
    for inquiry in asked_for:
        record(AuditEvent.Action.LINK_ASKED_FOR, by=PATIENT, reference=inquiry.reference)


@transaction.atomic
def use_link(token: str) -> Inquiry | None:
    """Uses the link up and returns its request, or None if it was used before or has expired.

    The update decides: of two clicks at the same time, only one changes the row.
    """
    links = StatusPass.objects.opened_by(token).filter(purpose=Purpose.LINK)
    link = links.select_related("inquiry").first()
    return link.inquiry if link and link.opens_with(token) and links.update(used_at=timezone.now()) == 1 else None


@transaction.atomic
def begin_visit(inquiry: Inquiry, opened_with: StatusPass.OpenedWith) -> str:
    """Begins a visit of 30 minutes and returns its token, which goes into a cookie."""
    token = StatusPass.objects.issue(inquiry, Purpose.VISIT, opened_with)
    record(AuditEvent.Action.STATUS_PAGE_OPENED, by=PATIENT, reference=inquiry.reference, detail=opened_with)
    return token


def get_visit(token: str) -> StatusPass | None:
    """Returns the current visit with its request, or None; `ends_at` says how long it lasts."""
    # Filtered by purpose, so that a link from a mail cannot serve as a cookie without being used up.
    visits = StatusPass.objects.opened_by(token).filter(purpose=Purpose.VISIT)
    visit = visits.select_related("inquiry__condition").first() if token else None
    return visit if visit and visit.opens_with(token) else None


def end_visit(token: str) -> None:
    StatusPass.objects.opened_by(token).filter(purpose=Purpose.VISIT).update(used_at=timezone.now())
