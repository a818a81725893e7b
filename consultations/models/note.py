import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin.encryption.fields import EncryptedTextField


class Note(models.Model):
    """Staff only; the patient never sees it."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey("Inquiry", on_delete=models.CASCADE, related_name="notes")
    # Accounts of people who left are switched off, not deleted, while their notes stand.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(_lazy("note"))
    written_at = models.DateTimeField(_lazy("written"), default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["-written_at", "-pk"]

    def __str__(self):
        return f"{self.inquiry_id} {self.written_at:%Y-%m-%d}"
