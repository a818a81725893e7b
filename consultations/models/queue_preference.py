from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class QueuePreference(models.Model):
    """In which order somebody last had the queue."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ordering = models.CharField(_lazy("order of the queue"), max_length=40, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.user_id} {self.ordering}"
