from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Decision(models.TextChoices):
    APPROVE = "approve", _("Approved")
    REQUEST_CHANGES = "request_changes", _("Changes requested")


class Review(models.Model):
    """What somebody other than the author decided about one revision."""

    revision = models.ForeignKey("Revision", on_delete=models.PROTECT, related_name="reviews")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    clinician = models.ForeignKey(
        "Clinician", verbose_name=_("clinician"), on_delete=models.PROTECT, related_name="reviews"
    )
    decision = models.CharField(_("decision"), max_length=20, choices=Decision)
    reason = models.TextField(_("reason"), blank=True)
    pemat = models.JSONField(
        _("PEMAT-P"),
        default=dict,
        blank=True,
        help_text=_("From an item's number to agree, disagree or not-applicable."),
    )
    understandability = models.PositiveSmallIntegerField(_("understandability, in percent"), null=True, blank=True)
    actionability = models.PositiveSmallIntegerField(_("actionability, in percent"), null=True, blank=True)
    next_review_due = models.DateField(_("next review due"), null=True, blank=True)
    created_at = models.DateTimeField(_("decided"), auto_now_add=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="approve", next_review_due__isnull=False)
                | Q(decision="request_changes") & ~Q(reason=""),
                name="approval_has_a_date_and_refusal_a_reason",
            )
        ]

    def __str__(self):
        return f"{self.revision}: {self.get_decision_display()}"
