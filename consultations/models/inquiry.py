import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.fields import EncryptedTextField


class Status(models.TextChoices):
    NEW = "new", _("New")
    IN_TRIAGE = "in_triage", _("In triage")
    WAITING_FOR_PATIENT = "waiting_for_patient", _("Waiting for patient")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SPAM = "spam", _("Spam")


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


class Urgency(models.TextChoices):
    ROUTINE = "routine", _("Routine")
    SOON = "soon", _("Soon")
    URGENT = "urgent", _("Urgent")


def queue_order():
    """Overdue first, then newest."""
    overdue = When(status__in=OWED_A_REPLY, due_at__lt=timezone.now(), then=Value(0))
    return [Case(overdue, default=Value(1)).asc(), F("received_at").desc(), F("pk").desc()]


class InquiryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever answers requests sees their own and the unassigned; intake coordinators see every one."""
        if not user.has_perm("consultations.view_inquiry"):
            return self.none()
        if user.has_perm("consultations.view_every_inquiry"):
            return self
        return self.filter(Q(assignee=user) | Q(assignee__isnull=True))

    def overdue(self):
        return self.filter(status__in=OWED_A_REPLY, due_at__lt=timezone.now())

    def unassigned(self):
        return self.filter(assignee__isnull=True)

    def as_queue(self):
        """In the order of work, and without what the patient wrote, which no list shows."""
        written = [field.name for field in Inquiry._meta.fields if isinstance(field, EncryptedTextField)]
        return self.select_related("condition", "assignee").defer(*written).order_by(*queue_order())


class Inquiry(models.Model):
    """A patient's request for a consultation. What was written is encrypted; the rest is what a queue needs."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    # An article that somebody asked about is withdrawn, not deleted: the topic of a request must not vanish.
    condition = models.ForeignKey(
        "education.Article",
        verbose_name=_("topic"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    language = models.CharField(_("language"), max_length=10)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.ROUTINE)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.NEW)
    # A departing colleague's requests come back to the queue as unassigned.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assignee"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("reply due"))
    answered_at = models.DateTimeField(_("first answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    name = EncryptedTextField(_("name"))
    email = EncryptedTextField(_("e-mail address"))
    phone = EncryptedTextField(_("phone number"), blank=True)
    preferred_contact = EncryptedTextField(_("preferred contact"))
    for_whom = EncryptedTextField(_("for whom"))
    relationship = EncryptedTextField(_("relationship"), blank=True)
    age_group = EncryptedTextField(_("age group"))
    skin_problem = EncryptedTextField(_("skin problem"))
    duration = EncryptedTextField(_("for how long"))
    gut_symptoms = EncryptedTextField(_("gut symptoms"), blank=True)
    gut_details = EncryptedTextField(_("more about the gut"), blank=True)
    tried = EncryptedTextField(_("what was tried"), blank=True)
    question = EncryptedTextField(_("question"))

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-received_at"]
        # Requests come from patients and leave by the purge: nobody adds or deletes one by hand.
        default_permissions = ("view", "change")
        permissions = [("view_every_inquiry", "Can view requests assigned to somebody else")]
        indexes = [models.Index(fields=["status", "due_at"], name="inquiry_queue")]
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
