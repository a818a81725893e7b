import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from consultations.models.message import Message
from consultations.models.team import Team
from gutskin.encryption.fields import EncryptedField, EncryptedTextField


class Status(models.TextChoices):
    NEW = "new", _lazy("New")
    IN_TRIAGE = "in_triage", _lazy("In triage")
    WAITING_FOR_PATIENT = "waiting_for_patient", _lazy("Waiting for patient")
    ANSWERED = "answered", _lazy("Answered")
    CLOSED = "closed", _lazy("Closed")
    WITHDRAWN = "withdrawn", _lazy("Withdrawn")
    SPAM = "spam", _lazy("Spam")


# From each status, the ones that may follow. Spam can be taken back: a mistake must not lose a patient.
STATUS_STEPS = {
    Status.NEW: [Status.IN_TRIAGE, Status.WITHDRAWN, Status.SPAM],
    Status.IN_TRIAGE: [Status.WAITING_FOR_PATIENT, Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN, Status.SPAM],
    Status.WAITING_FOR_PATIENT: [Status.IN_TRIAGE, Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN],
    Status.ANSWERED: [Status.IN_TRIAGE, Status.CLOSED, Status.WITHDRAWN],
    Status.CLOSED: [Status.IN_TRIAGE],
    Status.WITHDRAWN: [],
    Status.SPAM: [Status.IN_TRIAGE],
}
# The clinic owes a reply in these, and nothing more in the closed ones.
OWED_A_REPLY = [Status.NEW, Status.IN_TRIAGE]
OVER = [Status.CLOSED, Status.WITHDRAWN, Status.SPAM]
# A row of a list names the topic; the page that it is about may be long.
TEXT_OF_A_TOPIC = ["summary", "key_points", "body", "questions", "conflicts_of_interest", "withdraw_reason"]


class Urgency(models.TextChoices):
    ROUTINE = "routine", _lazy("Routine")
    SOON = "soon", _lazy("Soon")
    URGENT = "urgent", _lazy("Urgent")


class Outcome(models.TextChoices):
    """How a request ended. The dashboard counts them."""

    ADVICE_GIVEN = "advice_given", _lazy("Advice given in writing")
    APPOINTMENT = "appointment", _lazy("Appointment arranged")
    REFERRED = "referred", _lazy("Referred to somebody else")
    NO_REPLY = "no_reply", _lazy("No more word from the patient")
    DUPLICATE = "duplicate", _lazy("Answered under another request")
    NOT_FOR_US = "not_for_us", _lazy("Not for us")


def queue_order():
    """Overdue first, then newest."""
    overdue = When(status__in=OWED_A_REPLY, due_at__lt=timezone.now(), then=Value(0))
    return [Case(overdue, default=Value(1)).asc(), F("received_at").desc(), F("pk").desc()]


class InquiryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """On the list and by address. Coordinators and superusers see every request, clinicians those they answer.

        Seeing a request is not reading its story: consultations/access.py decides that.
        """
        if not user.has_perm("consultations.view_inquiry"):
            return self.none()
        if user.has_perm("consultations.view_every_inquiry"):
            return self
        return self.answered_by(user)

    def answered_by(self, user):
        """What is a clinician's own work: assigned to them, or about a topic of one of their teams."""
        # A superuser has every permission, and answers only what somebody assigned.
        if user.is_superuser or not user.has_perm("consultations.answer_inquiry"):
            return self.filter(assignee=user)
        teams = Team.objects.filter(members=user)
        takes_everything = Exists(teams.filter(takes_everything=True))
        return self.filter(takes_everything | Q(assignee=user) | Q(condition__in=teams.values("topics")))

    def open(self):
        """Neither closed, withdrawn nor spam. Asked by the moment, so that the index of open requests answers."""
        return self.filter(closed_at__isnull=True)

    def over(self):
        return self.filter(closed_at__isnull=False)

    def of_the_same_person(self, inquiry):
        """Other requests sent with the same e-mail address, the newest first. Narrow down with `visible_to` first."""
        if not inquiry.email_index:
            return self.none()
        return self.filter(email_index=inquiry.email_index).exclude(pk=inquiry.pk).order_by("-received_at", "-pk")

    def with_news(self):
        """With `has_news`: the patient wrote, and nobody of the clinic has had it on the screen."""
        unread = Message.objects.filter(inquiry=OuterRef("pk"), is_from_patient=True, read_at__isnull=True)
        return self.annotate(has_news=Exists(unread))

    def as_queue(self):
        """In the order of work, and without what the patient wrote, which no list shows, or the text of its topic."""
        written = [field.name for field in Inquiry._meta.fields if isinstance(field, EncryptedField)]
        queue = self.select_related("condition", "assignee").order_by(*queue_order())
        return queue.defer(*written, *(f"condition__{name}" for name in TEXT_OF_A_TOPIC))


class Inquiry(models.Model):
    """A patient's request for a consultation. What was written is encrypted; the rest is what a queue needs."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_lazy("reference"), max_length=12, unique=True, editable=False)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    # Of the receipt code, with which the patient comes back.
    receipt_digest = models.CharField(max_length=64, unique=True, editable=False)
    # Blind index of the address: the same person's earlier requests are found, and the index tells no address.
    email_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    # An article that somebody asked about is withdrawn, not deleted: the topic of a request must not vanish.
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
    # Whoever has left (is not active) stays named here; the queue shows the request under “Unassigned”.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_lazy("assignee"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    received_at = models.DateTimeField(_lazy("received"), default=timezone.now, editable=False)
    # From here the service level counts: when it came, and again when the patient or a colleague opened it again.
    waiting_since = models.DateTimeField(_lazy("waiting since"), default=timezone.now)
    due_at = models.DateTimeField(_lazy("reply due"))
    # Kept when the first reply is given: `due_at` goes on to the next one.
    first_due_at = models.DateTimeField(_lazy("first reply was due"), null=True, blank=True)
    answered_at = models.DateTimeField(_lazy("first answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_lazy("closed"), null=True, blank=True)
    outcome = models.CharField(_lazy("outcome"), max_length=20, choices=Outcome, blank=True)
    # Answered under that one. The purge takes the one, and the other stays.
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_lazy("merged into"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="merged",
    )
    # A court or a complaint needs it: neither the purge nor the patient's own wish erases it meanwhile.
    held_at = models.DateTimeField(_lazy("on legal hold since"), null=True, blank=True)

    name = EncryptedTextField(_lazy("name"))
    email = EncryptedTextField(_lazy("e-mail address"))
    phone = EncryptedTextField(_lazy("phone number"), blank=True)
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

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("request")
        verbose_name_plural = _lazy("requests")
        ordering = ["-received_at"]
        # Requests come from patients and leave by the purge: nobody adds or deletes one by hand.
        default_permissions = ("view", "change")
        permissions = [
            ("view_every_inquiry", "Can view every request, without its story"),
            ("answer_inquiry", "Can read and answer the requests of their teams"),
            ("view_dashboard", "Can view the figures of the desk"),
            ("export_inquiry", "Can export the figures of the desk"),
        ]
        indexes = [
            models.Index(fields=["status", "due_at"], name="inquiry_queue"),
            # All that the tabs of the queue count and sort by: the wide rows are left alone.
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
        ]
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
    def is_overdue(self):
        return self.status in OWED_A_REPLY and self.due_at < timezone.now()

    @property
    def next_steps(self):
        return STATUS_STEPS[Status(self.status)]
