import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from gutskin.encryption.fields import EncryptedTextField


class RedFlagResult(models.Model):
    """Which warning signs the answers held, by which version of the rules, and when the patient had read the advice."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    inquiry = models.OneToOneField("Inquiry", on_delete=models.CASCADE, related_name="red_flags")
    # Ids of consultations/red_flags/rules.py, separated by commas.
    rules = EncryptedTextField(_lazy("warning signs"))
    version = models.CharField(_lazy("version of the rules"), max_length=20)
    acknowledged_at = models.DateTimeField(_lazy("advice acknowledged"))

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.inquiry_id} {self.version}"
