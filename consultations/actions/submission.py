"""Sending a request: everything that belongs to it is stored in one transaction."""

import json
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from consultations.actions.photos import add_drafts, attach_drafts, has_drafts
from consultations.forms import consent
from consultations.models import Consent, Inquiry, RateLimit, RedFlagResult
from consultations.queue.due_dates import reply_due
from consultations.red_flags import VERSION, Rule, most_urgent
from consultations.request_numbers import (
    email_index,
    new_reference,
    pin_digest,
    receipt_code,
    receipt_digest,
    row_seal,
    sender_digest,
)
from gutskin import limits
from gutskin.audit.hash_chain import PATIENT, record
from gutskin.audit.models import AuditEvent
from gutskin.mail.outbox import queue_mail
from gutskin.rate_limits import TooManyRequests, increment_or_raise

# References are random. If one is taken, another is tried.
ATTEMPTS = 5


class ChangedSinceSent(Exception):
    """The form was sent before, with other answers, as the request `earlier`."""

    def __init__(self, earlier: Inquiry):
        super().__init__(f"This form was sent before, as {earlier.reference}.")
        self.earlier = earlier


def submit_inquiry(
    *,
    key: uuid.UUID,
    condition,
    answers: dict[str, str],
    address: str,
    browser: str = "",
    signs: Sequence[Rule] = (),
    pin: str = "",
    stores_changed: bool = True,
) -> Inquiry:
    """Stores a request with its consent, mails and audit event, all or nothing, and once per key.

    `address` is the sender's IP address, and `browser` a secret that only the sender's browser has. `signs` are the
    warning signs in the answers whose advice the patient has read: they set the urgency, and with it the day by which a
    reply is due. `pin` is for a lost code; empty for none.

    The same answers under the same key are a second click: the first request is returned. New photos that came with
    them are added like any photo, or stay drafts of the key if the request takes no more. Other answers under the
    same key are from a patient who went back and changed the form: they become a request of their own, or raise
    ChangedSinceSent if not `stores_changed`.
    `photos_left_out` of what is returned says whether photos stayed drafts, and
    `receipt_code(inquiry.idempotency_key)` is the code to show the patient. Raises TooManyRequests.
    """
    draft_key, received_at = key, timezone.now()
    for attempt in range(1, ATTEMPTS + 1):
        inquiry = _new_inquiry(key, condition, answers, received_at, most_urgent(signs), browser, pin)
        try:
            with transaction.atomic():
                inquiry.save()
                _store_what_belongs_to(inquiry, address, signs, draft_key)
        except IntegrityError:
            # Either the key was used before, or the random reference is taken.
            earlier = Inquiry.objects.filter(idempotency_key=key).first()
            if earlier and _has_same_answers(earlier, condition, answers):
                _add_to(earlier, draft_key, pin)
                return earlier
            # Five random references in a row that are taken mean that something else is wrong.
            if attempt == ATTEMPTS:
                raise
            if earlier:
                key = _key_for(key, condition, answers)
                if not stores_changed and not Inquiry.objects.filter(idempotency_key=key).exists():
                    raise ChangedSinceSent(earlier) from None
        else:
            return inquiry


def _new_inquiry(key, condition, answers, received_at, urgency, browser, pin):
    inquiry = Inquiry(
        reference=new_reference(),
        idempotency_key=key,
        receipt_digest=receipt_digest(receipt_code(key)),
        pin_digest=pin_digest(key, pin) if pin else "",
        sender_digest=sender_digest(key, browser),
        email_index=email_index(answers["email"]),
        condition=condition,
        language=get_language() or settings.LANGUAGE_CODE,
        received_at=received_at,
        waiting_since=received_at,
        urgency=urgency,
        due_at=reply_due(received_at, urgency),
        **answers,
    )
    inquiry.seal = row_seal(inquiry)
    return inquiry


def _store_what_belongs_to(inquiry, address, signs, draft_key):
    # Only requests that are stored count: mistakes in the form and second clicks do not use up the limit.
    increment_or_raise(RateLimit, address, at_most=limits.REQUESTS_PER_HOUR)
    Consent.objects.create(
        inquiry=inquiry,
        purpose=consent.STORE_HEALTH_DATA,
        version=consent.VERSION,
        wording=str(consent.WORDING),
        language=inquiry.language,
    )
    if signs:
        RedFlagResult.objects.create(
            inquiry=inquiry,
            rules=",".join(rule.id for rule in signs),
            version=VERSION,
            acknowledged_at=inquiry.received_at,
        )
    # Most requests have no photo, and are not asked twice.
    inquiry.photos_left_out = bool(attach_drafts(inquiry, draft_key)) and has_drafts(draft_key)
    if _may_get_a_receipt(inquiry):
        queue_mail("receipt", about=inquiry, to=inquiry.email, language=inquiry.language)
    queue_mail("intake_notice", about=inquiry, to=settings.INTAKE_EMAIL, language=settings.LANGUAGE_CODE)
    # How many, not which: the audit log says nothing about a person's health.
    detail = f"red flags: {len(signs)}" if signs else ""
    record(AuditEvent.Action.SUBMITTED, by=PATIENT, reference=inquiry.reference, detail=detail)


@transaction.atomic
def _add_to(earlier, draft_key, pin):
    """What a second click may bring: a new PIN, and photos."""
    if pin:
        earlier.pin_digest = pin_digest(earlier.idempotency_key, pin)
        earlier.save(update_fields=["pin_digest"])
    add_drafts(earlier, draft_key)
    earlier.photos_left_out = has_drafts(draft_key)


def _may_get_a_receipt(inquiry):
    if not inquiry.takes_mail:
        return False
    try:
        increment_or_raise(RateLimit, inquiry.email_index, at_most=limits.RECEIPTS_PER_HOUR, purpose="receipt")
    except TooManyRequests:
        return False
    return True


def _has_same_answers(inquiry, condition, answers):
    same_topic = inquiry.condition_id == (condition.pk if condition else None)
    return same_topic and all(getattr(inquiry, name) == value for name, value in answers.items())


def _key_for(key, condition, answers):
    """Derives the key from the answers, so that a double click on the changed form is also one request."""
    content = json.dumps([str(key), condition.pk if condition else None, answers], sort_keys=True)
    return uuid.UUID(bytes=salted_hmac("consultations.key", content, algorithm="sha256").digest()[:16])
