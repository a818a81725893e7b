from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """Clinicians and the topics whose requests they answer."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name=_("members"), blank=True, related_name="+")
    topics = models.ManyToManyField(
        "education.Article",
        verbose_name=_("topics"),
        blank=True,
        related_name="+",
        help_text=_("Requests about these pages are this team's to answer."),
    )
    takes_everything = models.BooleanField(
        _("takes every request"),
        default=False,
        help_text=_("Also those about something else. At least one team should."),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self):
        return self.name
