"""A request for a consultation, and its place in the queue."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _lazy

from consultations.models.choices import OVER, OWED_A_REPLY, STATUS_STEPS, Outcome, Status, Urgency
from consultations.models.conversation import Message
from consultations.models.staff import Team
from consultations.request_numbers import row_seal
from gutskin.audit.models import AuditEvent
from gutskin.encryption.fields import EncryptedField, EncryptedTextField

# A list shows the title of the topic only. The text of that article can be long, so the queue does not load it.
TEXT_OF_A_TOPIC = ["summary", "key_points", "actions", "body", "questions", "conflicts_of_interest", "withdraw_reason"]


def queue_order():
    """Overdue first, then the most urgent, then what is due soonest. What needs no reply now comes last.

    A function, because what is overdue depends on the time of the query.
    """
    overdue = When(status__in=OWED_A_REPLY, due_at__lt=timezone.now(), then=Value(0))
    owed = When(status__in=OWED_A_REPLY, then=Value(1))
    # The values of Urgency happen to sort alphabetically by weight, which saves a CASE in SQL; a test checks it.
    return [Case(overdue, owed, default=Value(2)).asc(), F("urgency").desc(), F("due_at").asc(), F("pk").asc()]


class InquiryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The requests a user may see: all for coordinators and superusers, those they answer for clinicians.

        To see a request is not to read its story: consultations/access.py decides that.
        """
        if not user.has_perm("consultations.view_inquiry"):
            return self.none()
        if user.has_perm("consultations.view_every_inquiry"):
            return self
        return self.answered_by(user)

    def answered_by(self, user):
        """A clinician's own work: their requests, those about their teams' topics, and what is merged into these."""
        own, merged = Q(assignee=user), Q(merged_into__assignee=user)
        # A superuser has every permission, but answers only what a colleague assigned to them.
        if user.is_superuser or not user.has_perm("consultations.answer_inquiry"):
            return self.filter(own | _merged_into(merged))
        teams = Team.objects.filter(members=user)
        # Exists() instead of a join: a request that two teams answer must not appear twice.
        takes_everything = Exists(teams.filter(takes_everything=True))
        topics = teams.values("topics")
        merged |= Q(merged_into__condition__in=topics)
        return self.filter(takes_everything | own | Q(condition__in=topics) | _merged_into(merged))

    def open(self):
        """Neither closed, withdrawn nor spam. Filtered by date, so that the partial index `inquiry_open` is used."""
        return self.filter(closed_at__isnull=True)

    def over(self):
        return self.filter(closed_at__isnull=False)

    def of_the_same_person(self, inquiry):
        """Other requests from the same e-mail address, newest first. Call `visible_to` first: this grants no access."""
        if not inquiry.email_index:
            return self.none()
        return self.filter(email_index=inquiry.email_index).exclude(pk=inquiry.pk).order_by("-received_at", "-pk")

    def with_news(self):
        """Annotates `has_news`: a reply is owed, and the newest message is the patient's.

        Not whether someone has opened it: it would be forgotten by everyone else.
        """
        newest = Message.objects.filter(inquiry=OuterRef("pk")).order_by("-pk").values("is_from_patient")[:1]
        return self.annotate(has_news=Q(Subquery(newest), status__in=OWED_A_REPLY))

    def as_queue(self):
        """In the order of work, without what the patient wrote, which no list shows, and the text of the topic."""
        written = [field.name for field in Inquiry._meta.fields if isinstance(field, EncryptedField)]
        queue = self.select_related("condition", "assignee").order_by(*queue_order())
        return queue.defer(*written, *(f"condition__{name}" for name in TEXT_OF_A_TOPIC))


def _merged_into(condition):
    """Requests merged into one that meets this. A join would read every request to see whether it is merged."""
    return Q(pk__in=Inquiry.objects.filter(condition, merged_into__isnull=False).order_by().values("pk"))


class Inquiry(models.Model):
    """A patient's request for a consultation. What the patient wrote is encrypted; the rest is what a queue needs."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_lazy("reference"), max_length=12, unique=True, editable=False)
    # Issued with the form: the same form sent twice is one request.
    idempotency_key = models.UUIDField(unique=True, editable=False)
    # Keyed digest of the receipt code that lets the patient come back. The code itself is not stored.
    receipt_digest = models.CharField(max_length=64, unique=True, editable=False)
    # Keyed digest of a PIN that the patient chose for the case of a lost code; empty if they chose none.
    pin_digest = models.CharField(max_length=64, blank=True, editable=False)
    # Keyed digest of a secret in the browser that sent the form. Only there is the code shown again.
    sender_digest = models.CharField(max_length=64, blank=True, editable=False)
    # Blind index of the e-mail address: finds one person's requests without revealing the address. Empty without one.
    email_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    # Keyed digest of the three above and of public_id: what was swapped by hand opens for no patient.
    seal = models.CharField(max_length=64, default="", editable=False)
    # What whoever reads the mailbox said about the address; at most one of the two.
    email_confirmed_at = models.DateTimeField(_lazy("e-mail address confirmed"), null=True, blank=True)
    email_refused_at = models.DateTimeField(_lazy("e-mail address is somebody else's"), null=True, blank=True)
    # Then phone number and age group prove nothing about who comes by a link: a colleague knows them.
    is_corrected_by_staff = models.BooleanField(_lazy("corrected by staff"), default=False)
    # PROTECT: an article that a patient asked about can be withdrawn, but not deleted.
    condition = models.ForeignKey(
        "education.Article",
        verbose_name=_lazy("topic"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    language = models.CharField(_lazy("language"), max_length=10)
    urgency = models.CharField(_lazy("urgency"), max_length=10, choices=Urgency, default=Urgency.ROUTINE)
    status = models.CharField(_lazy("status"), max_length=20, choices=Status, default=Status.NEW)
    # A colleague who has left (is not active) is still named here; the queue shows the request as unassigned.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_lazy("assignee"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    received_at = models.DateTimeField(_lazy("received"), default=timezone.now, editable=False)
    # The start of the time to reply: when the request came in, and again each time it was reopened.
    waiting_since = models.DateTimeField(_lazy("waiting since"), default=timezone.now)
    due_at = models.DateTimeField(_lazy("reply due"))
    # Set at the first reply and never again, while `due_at` moves on to the next one: figures use both.
    first_due_at = models.DateTimeField(_lazy("first reply was due"), null=True, blank=True)
    answered_at = models.DateTimeField(_lazy("first answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_lazy("closed"), null=True, blank=True)
    outcome = models.CharField(_lazy("outcome"), max_length=20, choices=Outcome, blank=True)
    # The request under which this one is answered. SET_NULL: erasing that one must not erase this one.
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_lazy("merged into"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="merged",
    )
    # Needed for a court or a complaint: until this is empty, neither retention nor the patient can erase it.
    held_at = models.DateTimeField(_lazy("on legal hold since"), null=True, blank=True)

    name = EncryptedTextField(_lazy("name"))
    # Empty for patients who want no e-mail: see `takes_mail`.
    email = EncryptedTextField(_lazy("e-mail address"), blank=True)
    phone = EncryptedTextField(_lazy("phone number"), blank=True)
    may_phone = EncryptedTextField(_lazy("may we phone"), blank=True)
    preferred_contact = EncryptedTextField(_lazy("preferred contact"))
    for_whom = EncryptedTextField(_lazy("for whom"))
    relationship = EncryptedTextField(_lazy("relationship"), blank=True)
    age_group = EncryptedTextField(_lazy("age group"))
    skin_problem = EncryptedTextField(_lazy("skin problem"))
    duration = EncryptedTextField(_lazy("for how long"))
    gut_symptoms = EncryptedTextField(_lazy("gut symptoms"), blank=True)
    gut_details = EncryptedTextField(_lazy("more about the gut"), blank=True)
    tried = EncryptedTextField(_lazy("what was tried"), blank=True)
    question = EncryptedTextField(_lazy("question"))

    # Deleted with the request.
    notifications = GenericRelation(
        "mail.Notification", content_type_field="about_type", object_id_field="about_id", related_query_name="inquiry"
    )
    drafts = GenericRelation("drafts.Draft", content_type_field="about_type", object_id_field="about_id")

    # Not stored: submit_inquiry says by it whether photos of the form are left that the request did not take.
    photos_left_out = False

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("request")
        verbose_name_plural = _lazy("requests")
        ordering = ["-received_at"]
        # Patients create requests and erasure removes them: no permission to add or delete exists.
        default_permissions = ("view", "change")
        permissions = [
            ("view_every_inquiry", "Can view every request, without its story"),
            ("answer_inquiry", "Can read and answer the requests of their teams"),
            ("view_dashboard", "Can view the dashboard"),
            ("export_inquiry", "Can export the figures of the dashboard"),
        ]
        indexes = [
            models.Index(fields=["status", "due_at"], name="inquiry_queue"),
            # Covers everything that the queue's tabs count and sort by, so that the wide rows are not read.
            models.Index(
                fields=["due_at", "status", "received_at", "urgency", "assignee", "condition"],
                condition=Q(closed_at__isnull=True),
                name="inquiry_open",
            ),
            models.Index(
                fields=["-closed_at", "assignee", "condition"],
                condition=Q(closed_at__isnull=False),
                name="inquiry_over",
            ),
            # Covers what the figures count, again so that the wide rows are not read.
            models.Index(
                fields=[
                    "received_at",
                    "status",
                    "condition",
                    "outcome",
                    "closed_at",
                    "answered_at",
                    "first_due_at",
                    "due_at",
                ],
                name="inquiry_figures",
            ),
            # Each form says how long the newest replies took: read from the index alone.
            models.Index(
                fields=["-answered_at", "received_at"],
                condition=Q(answered_at__isnull=False),
                name="inquiry_answered",
            ),
        ]
        # Actions check all this first, with better messages. The constraints also stop what no action foresaw.
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="inquiry_status_is_known"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="inquiry_urgency_is_known"),
            models.CheckConstraint(condition=Q(reference__startswith="GS-"), name="inquiry_has_a_reference"),
            models.CheckConstraint(condition=Q(due_at__gte=F("received_at")), name="inquiry_due_after_received"),
            models.CheckConstraint(
                condition=Q(status__in=OVER, closed_at__isnull=False) | ~Q(status__in=OVER) & Q(closed_at__isnull=True),
                name="inquiry_over_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=Outcome.values), name="inquiry_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(email_confirmed_at__isnull=True) | Q(email_refused_at__isnull=True),
                name="inquiry_address_is_not_confirmed_and_refused",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(status=Status.CLOSED), name="inquiry_outcome_only_when_closed"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.ANSWERED) | Q(answered_at__isnull=False),
                name="inquiry_answered_has_its_moment",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def is_sealed(self):
        """False if someone changed by hand, in the database, who may open this request."""
        return constant_time_compare(self.seal, row_seal(self))

    @property
    def takes_mail(self):
        """False for a patient who wants no e-mail. No address is stored then, so that none could be sent."""
        return bool(self.email_index)

    @property
    def is_owed(self):
        """Does the clinic owe a reply, by `due_at`?"""
        return self.status in OWED_A_REPLY

    @property
    def is_overdue(self):
        return self.is_owed and self.due_at < timezone.now()

    @property
    def next_steps(self):
        return [Status.IN_TRIAGE] if self.withdrawn_from else STATUS_STEPS[Status(self.status)]

    @property
    def withdrawn_from(self):
        """The status in which staff noted that the patient withdrew it: that can be taken back.

        Empty if the patient did it on the status page, or took back a consent: no one reopens it then.
        """
        if self.status != Status.WITHDRAWN or self.consents.filter(withdrawn_at__isnull=False).exists():
            return ""
        actions = [AuditEvent.Action.STATUS_CHANGED, AuditEvent.Action.WITHDRAWN]
        newest = AuditEvent.objects.about(self.reference).filter(action__in=actions).order_by("-sequence").first()
        before, _arrow, after = newest.detail.partition(" → ") if newest else ("", "", "")
        return before if after == Status.WITHDRAWN else ""
