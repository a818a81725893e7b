from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ClinicianQuerySet(models.QuerySet):
    def listed(self):
        return self.filter(is_listed=True)


class Clinician(models.Model):
    """A real person who reviews articles or answers requests, as readers see them."""

    name = models.CharField(_("name"), max_length=120)
    credentials = models.CharField(_("credentials"), max_length=120, help_text=_("For example: MD, FRCP."), blank=True)
    role = models.CharField(_("role"), max_length=120, help_text=_("For example: consultant dermatologist."))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("staff account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="clinician",
        help_text=_("Whoever approves articles signs with the clinician linked here."),
    )
    about = models.TextField(_("about"), blank=True, help_text=_("Two or three sentences for the experts page."))
    is_listed = models.BooleanField(_("shown on the experts page"), default=False)

    objects = ClinicianQuerySet.as_manager()

    class Meta:
        verbose_name = _("clinician")
        verbose_name_plural = _("clinicians")
        ordering = ["name"]

    def __str__(self):
        return f"{self.name}, {self.credentials}" if self.credentials else self.name
