import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin.encryption.fields import EncryptedTextField


class LinkRequest(models.Model):
    """Somebody asked for a link to the status page. Whether the address is known, the mail worker looks up.

    The page stores the same for every address, so that neither its answer nor the time it takes tells who is a patient.
    The worker deletes the row as soon as it has looked.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    email = EncryptedTextField(_lazy("e-mail address"))
    reference = EncryptedTextField(_lazy("reference"), blank=True)
    asked_at = models.DateTimeField(_lazy("asked"), default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.asked_at:%Y-%m-%d}"
