from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# Longer than the pause between two signs of life of an open page.
STILL_THERE = timedelta(minutes=3)


class PresenceQuerySet(models.QuerySet):
    def there_now(self):
        return self.filter(seen_at__gt=timezone.now() - STILL_THERE)


class Presence(models.Model):
    """Who has a request open, so that a second colleague is told."""

    inquiry = models.ForeignKey("Inquiry", on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["inquiry", "user"], name="presence_once")]

    def __str__(self):
        return f"{self.inquiry_id} {self.user_id}"
