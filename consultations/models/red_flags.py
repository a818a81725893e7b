"""The red flags (warning signs) that were found in what a patient wrote."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from gutskin.encryption.fields import EncryptedTextField


class RedFlagResult(models.Model):
    """The red flags (warning signs) in the answers, and when the patient had read the advice about them."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    inquiry = models.OneToOneField("Inquiry", on_delete=models.CASCADE, related_name="red_flags")
    # Ids of consultations/red_flags/rules.py, separated by commas.
    rules = EncryptedTextField(_lazy("warning signs"))
    # The rules change; this says which ones found the signs.
    version = models.CharField(_lazy("version of the rules"), max_length=20)
    acknowledged_at = models.DateTimeField(_lazy("advice acknowledged"))

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.inquiry_id} {self.version}"


class MessageRedFlags(models.Model):
    """The red flags (warning signs) in a patient's message, whose advice was shown before it was sent."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    message = models.OneToOneField("Message", on_delete=models.CASCADE, related_name="red_flags")
    # Both as in RedFlagResult, which is about the answers of the form.
    rules = EncryptedTextField(_lazy("warning signs"))
    version = models.CharField(_lazy("version of the rules"), max_length=20)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.message_id} {self.version}"
