"""What the site stores about staff at work: teams, who has a request open, and their chosen order of the queue."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

# Longer than the interval at which an open page reports that it is still open.
STILL_THERE = timedelta(minutes=3)


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
        help_text=_lazy("This team answers requests about these pages."),
    )
    takes_everything = models.BooleanField(
        _lazy("takes every request"),
        default=False,
        help_text=_lazy("Including requests about other topics. At least one team should."),
    )

    class Meta:
        verbose_name = _lazy("team")
        verbose_name_plural = _lazy("teams")
        ordering = ["name"]

    def __str__(self):
        return self.name


class PresenceQuerySet(models.QuerySet):
    def there_now(self):
        return self.filter(seen_at__gt=timezone.now() - STILL_THERE)


class Presence(models.Model):
    """Who has a request open, so that a second colleague who opens it is warned."""

    inquiry = models.ForeignKey("Inquiry", on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["inquiry", "user"], name="presence_once")]

    def __str__(self):
        return f"{self.inquiry_id} {self.user_id}"


class QueuePreference(models.Model):
    """The order in which a colleague last sorted the queue."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # No choices: an order that is dropped later falls back to the default, without a migration.
    ordering = models.CharField(_lazy("order of the queue"), max_length=40, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.user_id} {self.ordering}"
