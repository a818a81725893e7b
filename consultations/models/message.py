import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin.encryption.fields import EncryptedTextField


class Message(models.Model):
    """One turn of the conversation. The patient sees it, whoever wrote it."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey("Inquiry", on_delete=models.CASCADE, related_name="messages")
    # Issued with the form: the same form sent twice is one message.
    idempotency_key = models.UUIDField(unique=True, editable=False)
    is_from_patient = models.BooleanField(_lazy("from the patient"))
    # Accounts of people who left are switched off, not deleted, while their messages stand.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(_lazy("message"))
    written_at = models.DateTimeField(_lazy("written"), default=timezone.now)
    # When the other side first had it on the screen.
    read_at = models.DateTimeField(_lazy("read"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_from_patient=True, author__isnull=True) | Q(is_from_patient=False, author__isnull=False),
                name="message_has_one_author",
            )
        ]

    def __str__(self):
        return f"{self.inquiry_id} {self.written_at:%Y-%m-%d}"
