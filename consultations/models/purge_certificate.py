from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PurgeCertificate(models.Model):
    """What was erased, when and why: numbers and references, nothing of what it said."""

    class Cause(models.TextChoices):
        RETENTION = "retention", _("the time to keep it was over")
        PATIENT = "patient", _("the patient asked for it")

    at = models.DateTimeField(_("when"), default=timezone.now)
    cause = models.CharField(_("why"), max_length=20, choices=Cause)
    # How many rows of each kind, by the model's name.
    counts = models.JSONField(_("what"), default=dict)
    references = models.JSONField(_("requests"), default=list)

    class Meta:
        verbose_name = _("certificate of erasure")
        verbose_name_plural = _("certificates of erasure")
        default_permissions = ("view",)
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cause__in=["retention", "patient"]), name="purge_certificate_cause_is_known"
            )
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d} {self.cause}"
