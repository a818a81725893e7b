"""A patient's photo, encrypted in the database, and the photos of forms that have not been sent yet."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin import limits
from gutskin.encryption.fields import EncryptedBinaryField


class AttachmentQuerySet(models.QuerySet):
    def without_content(self):
        # A photo is large, and lists never show it in full.
        return self.defer("content")

    def of_draft(self, key):
        """Photos uploaded for a form that is still being filled in."""
        return self.filter(inquiry__isnull=True, draft_key=key)

    def abandoned(self):
        return self.filter(inquiry__isnull=True, added_at__lt=timezone.now() - limits.PHOTO_DRAFTS_KEPT_FOR)


class Attachment(models.Model):
    """A patient's photo, re-encoded and encrypted.

    It is stored in the database, so that a request is stored with its photos in one transaction, and backed up and
    erased with them.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey("Inquiry", null=True, on_delete=models.CASCADE, related_name="attachments")
    # The key of the form it came with, until the form is sent.
    draft_key = models.UUIDField(null=True, db_index=True, editable=False)
    content = EncryptedBinaryField(_lazy("photo"))
    media_type = models.CharField(_lazy("type"), max_length=20, default="image/jpeg")
    width = models.PositiveIntegerField(_lazy("width in pixels"))
    height = models.PositiveIntegerField(_lazy("height in pixels"))
    size = models.PositiveIntegerField(_lazy("size in bytes"))
    # Keyed digest of the file as it was sent: the same photo sent twice is one photo.
    upload_digest = models.CharField(max_length=64, editable=False)
    added_at = models.DateTimeField(_lazy("added"), default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(inquiry__isnull=False) | Q(draft_key__isnull=False), name="attachment_belongs_somewhere"
            ),
            # Two constraints, because SQL treats the NULLs of drafts as different from each other.
            models.UniqueConstraint(fields=["inquiry", "upload_digest"], name="attachment_once_per_inquiry"),
            models.UniqueConstraint(
                fields=["draft_key", "upload_digest"],
                condition=Q(inquiry__isnull=True),
                name="attachment_once_per_draft",
            ),
        ]

    def __str__(self):
        return f"{self.inquiry_id} {self.added_at:%Y-%m-%d}"
