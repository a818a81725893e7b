import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.fields import EncryptedTextField

STUCK_AFTER = timedelta(minutes=5)


class NotificationQuerySet(models.QuerySet):
    def undelivered(self):
        return self.filter(delivered_at__isnull=True, refused_at__isnull=True)

    def due(self):
        """Waiting, and in no living deliverer's hands: a lease that ran out belonged to one that died."""
        now = timezone.now()
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        return self.undelivered().filter(free, next_try_at__lte=now)

    def stuck(self):
        return self.undelivered().filter(created_at__lt=timezone.now() - STUCK_AFTER)


class Notification(models.Model):
    """One mail to send: written in the transaction that causes it, sent by `deliver_notifications`.

    It holds nothing to say but a reference and a date, so that no mail can carry health text. The link to the status
    page is made when its mail is sent.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt to the patient")
        INTAKE_NOTICE = "intake_notice", _("Notice to the intake team")
        REPLY_NOTICE = "reply_notice", _("Notice of a reply to the patient")
        STATUS_LINK = "status_link", _("Link to the status page")
        PATIENT_NOTICE = "patient_notice", _("Notice of a patient's message to the staff")
        ACCESS_NOTICE = "access_notice", _("Notice of a broken glass to the privacy lead")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    inquiry = models.ForeignKey("Inquiry", on_delete=models.CASCADE, related_name="notifications")
    recipient = EncryptedTextField(_("recipient"))
    language = models.CharField(_("language"), max_length=10)
    # The same at every attempt, so that a mail sent twice by a deliverer that died is recognised as one.
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("in a deliverer's hands until"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    refused_at = models.DateTimeField(_("address refused for good"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["next_try_at", "pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(delivered_at__isnull=True, refused_at__isnull=True),
                name="notification_waiting",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "receipt",
                        "intake_notice",
                        "reply_notice",
                        "status_link",
                        "patient_notice",
                        "access_notice",
                    ]
                ),
                name="notification_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(refused_at__isnull=True),
                name="notification_ends_one_way",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True, refused_at__isnull=True) | Q(lease_until__isnull=True),
                name="notification_done_is_in_nobodys_hands",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.message_id}"

    @property
    def is_to_the_patient(self):
        return self.kind in TO_THE_PATIENT


TO_THE_PATIENT = [Notification.Kind.RECEIPT, Notification.Kind.REPLY_NOTICE, Notification.Kind.STATUS_LINK]
