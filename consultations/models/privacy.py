"""Proof for the patient and for a supervisory authority: what was agreed to, and what was erased."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


class Consent(models.Model):
    """What the patient agreed to and when, in the exact wording that was shown (GDPR, article 7(1))."""

    inquiry = models.ForeignKey("Inquiry", on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_lazy("purpose"), max_length=40)
    version = models.CharField(_lazy("version of the wording"), max_length=20)
    wording = models.TextField(_lazy("wording"))
    language = models.CharField(_lazy("language"), max_length=10)
    given_at = models.DateTimeField(_lazy("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_lazy("withdrawn"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "purpose"], name="consent_once_per_purpose"),
            models.CheckConstraint(condition=~Q(wording="") & ~Q(version=""), name="consent_has_its_words"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        ]

    def __str__(self):
        return f"{self.purpose} {self.version}"


class PurgeCertificate(models.Model):
    """What was erased, when and why: only counts and references, nothing of what a request said."""

    class Cause(models.TextChoices):
        RETENTION = "retention", _lazy("its retention period ended")
        PATIENT = "patient", _lazy("the patient asked for it")

    at = models.DateTimeField(_lazy("when"), default=timezone.now)
    cause = models.CharField(_lazy("why"), max_length=20, choices=Cause)
    # How many rows of each model, by the model's name.
    counts = models.JSONField(_lazy("what"), default=dict)
    # Text, not foreign keys: the rows are gone. `restore` reads these to erase them again after an older backup.
    references = models.JSONField(_lazy("requests"), default=list)

    class Meta:
        verbose_name = _lazy("certificate of erasure")
        verbose_name_plural = _lazy("certificates of erasure")
        default_permissions = ("view",)
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=["retention", "patient"]), name="purge_certificate_cause_is_known"
            )
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d} {self.cause}"
