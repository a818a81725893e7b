from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


class Consent(models.Model):
    """What the patient agreed to, in the very words shown, and when."""

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
