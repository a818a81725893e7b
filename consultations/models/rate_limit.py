from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RateLimit(models.Model):
    """How many requests one address stored in the hour that began at `window_start`."""

    key = models.CharField(_("keyed digest of the address"), max_length=64, unique=True)
    window_start = models.DateTimeField(_("hour"))
    count = models.PositiveIntegerField(_("requests stored"))

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(count__gte=1), name="rate_limit_counts_something")]

    def __str__(self):
        return f"{self.key[:8]} {self.count}"
