"""What authentication stores in addition to allauth's factors and sessions and the counts of axes."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from gutskin import limits
from gutskin.rate_limits import AddressCount


class LoginCount(AddressCount):
    """How often one address tried to log in, and how often a wrong code was typed for one user, in an hour."""


class FactorResetQuerySet(models.QuerySet):
    def waiting(self):
        """Requested, not approved yet, and not too old."""
        return self.filter(approved_at=None, asked_at__gt=timezone.now() - limits.RESET_APPROVED_WITHIN)


class FactorReset(models.Model):
    """A user lost phone and recovery codes: one colleague requests a reset, another approves it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="factor_resets",
        verbose_name=_lazy("whose factors"),
    )
    reason = models.CharField(
        _lazy("reason"),
        max_length=200,
        help_text=_lazy("For example: lost the phone, known to me, rang me up. Nothing about a patient."),
    )
    # Text, so that the names stay when an account is deleted.
    asked_by = models.CharField(_lazy("requested by"), max_length=150, editable=False)
    asked_at = models.DateTimeField(_lazy("requested"), default=timezone.now, editable=False)
    approved_by = models.CharField(_lazy("approved by"), max_length=150, blank=True, editable=False)
    approved_at = models.DateTimeField(_lazy("approved"), null=True, editable=False)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("reset of a second factor")
        verbose_name_plural = _lazy("resets of second factors")
        # Users who may change accounts may do this.
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
        return self.approved_at is None and self.asked_at > timezone.now() - limits.RESET_APPROVED_WITHIN


class InvitationQuerySet(models.QuerySet):
    def valid(self):
        """Sent, neither used nor too old."""
        return self.filter(used_at=None, ends_at__gt=timezone.now())


class Invitation(models.Model):
    """A link by mail with which a new member of staff chooses a password, so that no colleague ever knows it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    # Where it was sent. Once the account has another address, the old mailbox opens nothing.
    email = models.EmailField(editable=False)
    invited_by = models.CharField(max_length=150, editable=False)
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    # Both are written when the mail is sent; see gutskin/accounts/invitations.py.
    digest = models.CharField(max_length=64, default="", db_index=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)
    used_at = models.DateTimeField(null=True, editable=False)
    notifications = GenericRelation("mail.Notification", content_type_field="about_type", object_id_field="about_id")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.user.get_username()
