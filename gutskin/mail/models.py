import uuid
from datetime import timedelta

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin.encryption.fields import EncryptedTextField
from gutskin.mail.kinds import mail_kind

STUCK_AFTER = timedelta(minutes=5)


class NotificationQuerySet(models.QuerySet):
    def undelivered(self):
        return self.filter(delivered_at__isnull=True, refused_at__isnull=True)

    def due(self):
        """Waiting, and not leased by a live worker: an expired lease belonged to one that died."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=Now())
        return self.undelivered().filter(free, next_try_at__lte=Now())

    def stuck(self):
        return self.undelivered().filter(created_at__lt=timezone.now() - STUCK_AFTER)


class Notification(models.Model):
    """A row of the outbox: one mail, written in the transaction that causes it, sent by `send_mail_queue`.

    It holds no text, only what the mail is about, so that no mail can carry health data by accident. What a
    worker waits for (`lease_until`, `next_try_at`) is a time of the database's clock: those of the machines may differ.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # A name from gutskin.mail.kinds.
    kind = models.CharField(_lazy("kind"), max_length=20)
    about_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    about_id = models.PositiveBigIntegerField()
    # Deleting it deletes its mails: each model that mail is about has a GenericRelation.
    about = GenericForeignKey("about_type", "about_id")
    recipient = EncryptedTextField(_lazy("recipient"))
    language = models.CharField(_lazy("language"), max_length=10)
    # The same at every attempt: mail programs recognise a mail that was sent twice because a worker died.
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    created_at = models.DateTimeField(_lazy("created"), default=timezone.now)
    attempts = models.PositiveIntegerField(_lazy("attempts"), default=0)
    lease_until = models.DateTimeField(_lazy("leased to a worker until"), null=True, blank=True)
    next_try_at = models.DateTimeField(_lazy("next try"), db_default=Now())
    delivered_at = models.DateTimeField(_lazy("delivered"), null=True, blank=True)
    refused_at = models.DateTimeField(_lazy("address refused for good"), null=True, blank=True)
    last_error = models.CharField(_lazy("last error"), max_length=100, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["next_try_at", "pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(delivered_at__isnull=True, refused_at__isnull=True),
                name="notification_waiting",
            ),
            models.Index(fields=["about_type", "about_id"], name="notification_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(refused_at__isnull=True),
                name="notification_ends_one_way",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True, refused_at__isnull=True) | Q(lease_until__isnull=True),
                name="notification_done_is_not_leased",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.message_id}"

    @property
    def label(self):
        return mail_kind(self.kind).label

    @property
    def is_to_the_patient(self):
        return mail_kind(self.kind).is_to_the_patient
