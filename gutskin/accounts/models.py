"""What the doors remember besides allauth's factors and sessions and axes' counts."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gutskin.rate_limits import AddressCount

APPROVE_WITHIN = timedelta(hours=24)


class LoginCount(AddressCount):
    """How often one address tried to log in, and how often a wrong code was typed for one user, in an hour."""


class FactorResetQuerySet(models.QuerySet):
    def waiting(self):
        """Asked for, not approved yet, and not too old."""
        return self.filter(approved_at=None, asked_at__gt=timezone.now() - APPROVE_WITHIN)


class FactorReset(models.Model):
    """Somebody lost phone and recovery codes: one colleague asks, another approves, and the factors are taken away."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="factor_resets",
        verbose_name=_("whose factors"),
    )
    reason = models.CharField(
        _("reason"),
        max_length=200,
        help_text=_("For example: lost the phone, known to me, rang me up. Nothing about a patient."),
    )
    # Text, so that the names stay when an account goes.
    asked_by = models.CharField(_("asked for by"), max_length=150, editable=False)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    approved_by = models.CharField(_("approved by"), max_length=150, blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of second factors")
        # Whoever may change accounts may do this.
        default_permissions = ()
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at=None) | (~Q(approved_by="") & Q(approved_at__isnull=False)),
                name="factor_reset_approved_by_somebody_at_some_time",
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("approved_by")), name="factor_reset_by_two_people"),
        ]

    def __str__(self):
        return self.user.get_username()

    @property
    def is_waiting(self) -> bool:
        return self.approved_at is None and self.asked_at > timezone.now() - APPROVE_WITHIN
