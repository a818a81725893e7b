"""Made-up requests in any amount for `load_scale`, encrypted, sealed and logged as those of patients."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from consultations.forms import consent
from consultations.forms.choices import AgeGroup, Duration, GutSymptom
from consultations.models import Consent, Inquiry, Message, Outcome, Status, Team, Urgency
from consultations.models.choices import OVER
from consultations.queue.due_dates import reply_due
from consultations.request_numbers import email_index, new_reference, receipt_code, receipt_digest, row_seal
from education.models import Article, Kind
from education.scale import MARK, Writer, batches
from gutskin.audit.hash_chain import PATIENT, record_made_up
from gutskin.audit.models import AuditEvent

BATCH = 1000
STAFF = 8
EVENTS_OF_A_REQUEST = 3
# Old requests are over, as on a site that works; of the newest, most are not.
OPEN_DAYS = 40
# Two or three years of requests: what retention leaves.
DAYS = 900
Action = AuditEvent.Action


def load_requests(count: int, tell: Callable) -> None:
    """As many of ours as there are missing to `count`, each with a consent and three audit events."""
    topics = list(Article.objects.published().filter(kind=Kind.CONDITION).order_by("pk").only("pk"))
    staff = _staff()
    now = timezone.now()
    for start, stop in batches(Inquiry.objects.filter(sender_digest=MARK).count(), count, BATCH):
        # The oldest first, as they would have come in.
        days = [DAYS * (count - number) / count for number in range(start, stop)]
        with transaction.atomic():
            _write([_request(now - timedelta(days=days_ago), topics, staff, now) for days_ago in days])
        tell("requests", stop, count)


def _staff():
    users = get_user_model().objects
    # Without a usable password: nobody can log in as one of them.
    staff = [
        users.get_or_create(
            username=f"scale-clinician-{number}",
            defaults={"is_staff": True, "first_name": "Made-up", "last_name": f"clinician {number}", "password": "!"},
        )[0]
        for number in range(1, STAFF + 1)
    ]
    Team.objects.get_or_create(name="Made-up team", defaults={"takes_everything": True})[0].members.add(*staff)
    return staff


def _request(received_at, topics, staff, now):
    key = uuid.uuid4()
    writer = Writer(str(key))
    random = writer.random
    name = f"Patient {random.randint(1, 60_000)}"
    email = f"{name.lower().replace(' ', '-')}@patients.example"
    urgency = random.choices(Urgency.values, [80, 15, 5])[0]
    inquiry = Inquiry(
        reference=new_reference(),
        idempotency_key=key,
        receipt_digest=receipt_digest(receipt_code(key)),
        sender_digest=MARK,
        email_index=email_index(email),
        condition=writer.most_often_the_first(topics) if topics and random.random() < 0.8 else None,
        language=settings.LANGUAGE_CODE,
        urgency=urgency,
        received_at=received_at,
        waiting_since=received_at,
        due_at=reply_due(received_at, urgency),
        name=name,
        email=email,
        preferred_contact="email",
        for_whom="myself",
        age_group=random.choice(AgeGroup.values),
        skin_problem=writer.text(4),
        duration=random.choice(Duration.values),
        gut_symptoms=random.choice(GutSymptom.values),
        tried=writer.text(2),
        question=writer.text(2),
    )
    _bring_forward(inquiry, random, staff, now)
    inquiry.seal = row_seal(inquiry)
    return inquiry


def _bring_forward(inquiry, random, staff, now):
    """The status and the times that a request of its age would have."""
    is_old = now - inquiry.received_at > timedelta(days=OPEN_DAYS)
    open_now = [Status.NEW, Status.IN_TRIAGE, Status.WAITING_FOR_PATIENT, Status.ANSWERED]
    inquiry.status = random.choices(OVER, [90, 7, 3])[0] if is_old else random.choice(open_now)
    if inquiry.status != Status.NEW:
        inquiry.assignee = random.choice(staff)
    moment = min(inquiry.received_at + timedelta(hours=random.randint(1, 200)), now)
    if inquiry.status in {Status.ANSWERED, Status.CLOSED}:
        inquiry.answered_at, inquiry.first_due_at = moment, inquiry.due_at
    if inquiry.status in OVER:
        inquiry.closed_at = min(moment + timedelta(days=random.randint(0, 20)), now)
    if inquiry.status == Status.CLOSED:
        inquiry.outcome = random.choice(Outcome.values)


def _write(inquiries: list[Model]) -> None:
    Inquiry.objects.bulk_create(inquiries)
    Consent.objects.bulk_create(
        Consent(
            inquiry=inquiry,
            purpose=consent.STORE_HEALTH_DATA,
            version=consent.VERSION,
            wording=str(consent.WORDING),
            language=inquiry.language,
            given_at=inquiry.received_at,
        )
        for inquiry in inquiries
    )
    Message.objects.bulk_create(
        Message(
            inquiry=inquiry,
            idempotency_key=uuid.uuid4(),
            is_from_patient=False,
            author=inquiry.assignee,
            text=Writer(inquiry.reference).text(6),
            written_at=inquiry.answered_at,
        )
        for inquiry in inquiries
        if inquiry.answered_at
    )
    record_made_up(event for inquiry in inquiries for event in _events(inquiry))


def _events(inquiry):
    """What the log would say of it: sent, read, and the change of its status or a second look."""
    actor = inquiry.assignee.username if inquiry.assignee else "scale-clinician-1"
    seen = inquiry.received_at + timedelta(minutes=30)
    changed = f"{Status.NEW} → {inquiry.status}"
    last = (Action.STATUS_CHANGED, changed) if inquiry.assignee else (Action.VIEWED, "")
    yield AuditEvent(actor=PATIENT, action=Action.SUBMITTED, reference=inquiry.reference, at=inquiry.received_at)
    yield AuditEvent(actor=actor, action=Action.STORY_READ, reference=inquiry.reference, at=seen)
    yield AuditEvent(actor=actor, action=last[0], reference=inquiry.reference, detail=last[1], at=seen)
