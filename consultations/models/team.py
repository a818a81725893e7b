from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class Team(models.Model):
    """Clinicians and the topics whose requests they answer."""

    name = models.CharField(_lazy("name"), max_length=100, unique=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_lazy("members"), blank=True, related_name="+"
    )
    topics = models.ManyToManyField(
        "education.Article",
        verbose_name=_lazy("topics"),
        blank=True,
        related_name="+",
        help_text=_lazy("Requests about these pages are this team's to answer."),
    )
    takes_everything = models.BooleanField(
        _lazy("takes every request"),
        default=False,
        help_text=_lazy("Also those about something else. At least one team should."),
    )

    class Meta:
        verbose_name = _lazy("team")
        verbose_name_plural = _lazy("teams")
        ordering = ["name"]

    def __str__(self):
        return self.name
