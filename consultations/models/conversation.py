"""What is written about a request: messages, which the patient sees, and notes, which only staff see."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin.encryption.fields import EncryptedTextField


class Message(models.Model):
    """One message between patient and clinic. The patient sees it, whichever side wrote it."""

    # Encryption binds the text to this id: it never changes, and ciphertext copied to another row does not decrypt.
    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey("Inquiry", on_delete=models.CASCADE, related_name="messages")
    # Issued with the form: the same form sent twice is one message.
    idempotency_key = models.UUIDField(unique=True, editable=False)
    is_from_patient = models.BooleanField(_lazy("from the patient"))
    # PROTECT: the account of a colleague who leaves is deactivated, not deleted, as long as their messages exist.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(_lazy("message"))
    written_at = models.DateTimeField(_lazy("written"), default=timezone.now)
    # When it was first shown to the other side.
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


class Note(models.Model):
    """An internal note. The patient never sees it, not even in the download of their data."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey("Inquiry", on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(_lazy("note"))
    written_at = models.DateTimeField(_lazy("written"), default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["-written_at", "-pk"]

    def __str__(self):
        return f"{self.inquiry_id} {self.written_at:%Y-%m-%d}"


class CannedReply(models.Model):
    """A template for a reply. It contains nothing about any patient: those parts are placeholders, or typed by hand."""

    title = models.CharField(_lazy("title"), max_length=100)
    language = models.CharField(_lazy("language"), max_length=10, default="en")
    text = models.TextField(_lazy("text"), max_length=10_000)
    is_active = models.BooleanField(_lazy("offered"), default=True)

    class Meta:
        verbose_name = _lazy("canned reply")
        verbose_name_plural = _lazy("canned replies")
        ordering = ["language", "title"]
        constraints = [models.UniqueConstraint(fields=["language", "title"], name="canned_reply_title_once")]

    def __str__(self):
        return self.title
