from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy


class Decision(models.TextChoices):
    APPROVE = "approve", _lazy("Approved")
    REQUEST_CHANGES = "request_changes", _lazy("Changes requested")


class Review(models.Model):
    """What a clinician who did not write a revision decided about it."""

    # PROTECT twice: a decision is evidence of who approved what. An account may be deleted; its clinician stays.
    revision = models.ForeignKey("Revision", on_delete=models.PROTECT, related_name="reviews")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_lazy("account"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    clinician = models.ForeignKey(
        "Clinician", verbose_name=_lazy("clinician"), on_delete=models.PROTECT, related_name="reviews"
    )
    decision = models.CharField(_lazy("decision"), max_length=20, choices=Decision)
    reason = models.TextField(_lazy("reason"), blank=True)
    pemat = models.JSONField(
        _lazy("PEMAT-P"),
        default=dict,
        blank=True,
        help_text=_lazy("Maps the number of each item to agree, disagree or not-applicable."),
    )
    understandability = models.PositiveSmallIntegerField(_lazy("understandability, in percent"), null=True, blank=True)
    actionability = models.PositiveSmallIntegerField(_lazy("actionability, in percent"), null=True, blank=True)
    next_review_due = models.DateField(_lazy("next review due"), null=True, blank=True)
    created_at = models.DateTimeField(_lazy("decided"), auto_now_add=True)

    class Meta:
        verbose_name = _lazy("review")
        verbose_name_plural = _lazy("reviews")
        ordering = ["-created_at"]
        constraints = [
            # An approval promises readers a date for the next review; an author needs to know what to change.
            models.CheckConstraint(
                condition=Q(decision="approve", next_review_due__isnull=False)
                | Q(decision="request_changes") & ~Q(reason=""),
                name="approval_has_a_date_and_refusal_a_reason",
            )
        ]

    def __str__(self):
        return f"{self.revision}: {self.get_decision_display()}"


class ReviewDigest(models.Model):
    """One person's reminder of reviews that are due. One row per person and week, and therefore one mail."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_lazy("account"), on_delete=models.CASCADE, related_name="+"
    )
    week = models.DateField(_lazy("week"), help_text=_lazy("The Monday on which the week begins."))
    article_ids = models.JSONField(_lazy("articles"), default=list)
    # A GenericRelation also deletes the queued mail when the row is deleted.
    notifications = GenericRelation("mail.Notification", content_type_field="about_type", object_id_field="about_id")

    class Meta:
        verbose_name = _lazy("review reminder")
        verbose_name_plural = _lazy("review reminders")
        ordering = ["-week", "user"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "week"], name="one_digest_a_week")]

    def __str__(self):
        return f"{self.user}, {self.week}"
