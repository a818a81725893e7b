from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


class PurgeCertificate(models.Model):
    """What was erased, when and why: numbers and references, nothing of what it said."""

    class Cause(models.TextChoices):
        RETENTION = "retention", _lazy("the time to keep it was over")
        PATIENT = "patient", _lazy("the patient asked for it")

    at = models.DateTimeField(_lazy("when"), default=timezone.now)
    cause = models.CharField(_lazy("why"), max_length=20, choices=Cause)
    # How many rows of each kind, by the model's name.
    counts = models.JSONField(_lazy("what"), default=dict)
    references = models.JSONField(_lazy("requests"), default=list)

    class Meta:
        verbose_name = _lazy("certificate of erasure")
        verbose_name_plural = _lazy("certificates of erasure")
        default_permissions = ("view",)
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cause__in=["retention", "patient"]), name="purge_certificate_cause_is_known"
            )
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d} {self.cause}"
