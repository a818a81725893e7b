"""Giving a reason to read the story of a request that one does not answer. A superuser breaks the glass."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from consultations.actions.staff_actions import lock
from consultations.exceptions import ExplanationMissing, NotPermitted
from consultations.models import Inquiry, StoryAccess
from gutskin import limits
from gutskin.accounts.story_rights import privacy_addresses
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent
from gutskin.mail.outbox import queue_mail


@transaction.atomic
def open_story(inquiry: Inquiry, *, reason: str, explanation: str = "", by) -> StoryAccess:
    """Opens the story for limits.STORY_ACCESS_LASTS (an hour) to a user who can see the request.

    If the user is a superuser, this is emergency access ("break the glass"): the privacy lead gets a mail in the same
    transaction. The explanation is stored encrypted; the audit event holds only the kind of reason. Raises
    ExplanationMissing and NotPermitted.
    """
    if not Inquiry.objects.visible_to(by).filter(pk=inquiry.pk).exists():
        raise NotPermitted
    reason = StoryAccess.Reason(reason)
    if reason == StoryAccess.Reason.OTHER and not explanation.strip():
        raise ExplanationMissing
    lock(inquiry)
    # A second click gives no second reason and sends no second mail.
    if given := StoryAccess.objects.open_now().filter(inquiry=inquiry, user=by, reason=reason).first():
        return given
    now = timezone.now()
    access = StoryAccess.objects.create(
        inquiry=inquiry,
        user=by,
        reason=reason,
        explanation=explanation,
        given_at=now,
        ends_at=now + limits.STORY_ACCESS_LASTS,
    )
    action = AuditEvent.Action.ACCESS_OPENED
    if by.is_superuser:
        action = AuditEvent.Action.GLASS_BROKEN
        # In this transaction: if the notice cannot be queued, the story stays closed.
        for address in privacy_addresses():
            kind = "access_notice"
            queue_mail(kind, about=inquiry, to=address, language=settings.LANGUAGE_CODE)
    record(action, by=by, reference=inquiry.reference, detail=str(reason))
    return access
