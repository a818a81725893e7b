from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class ClinicianQuerySet(models.QuerySet):
    def listed(self):
        return self.filter(is_listed=True)


class Clinician(models.Model):
    """A real person who reviews articles or answers requests, as they are presented to readers."""

    name = models.CharField(_lazy("name"), max_length=120)
    credentials = models.CharField(
        _lazy("credentials"), max_length=120, help_text=_lazy("For example: MD, FRCP."), blank=True
    )
    role = models.CharField(_lazy("role"), max_length=120, help_text=_lazy("For example: consultant dermatologist."))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_lazy("staff account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="clinician",
        help_text=_lazy("A user who approves articles signs as the clinician linked to their account."),
    )
    about = models.TextField(
        _lazy("about"), blank=True, help_text=_lazy("Two or three sentences for the experts page.")
    )
    is_listed = models.BooleanField(_lazy("shown on the experts page"), default=False)

    objects = ClinicianQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("clinician")
        verbose_name_plural = _lazy("clinicians")
        ordering = ["name"]

    def __str__(self):
        return f"{self.name}, {self.credentials}" if self.credentials else self.name
