from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from gutskin.rate_limits import AddressCount


class FeedbackQuerySet(models.QuerySet):
    def needing_an_answer(self):
        """Answers of readers who were not helped and wrote a comment that no one has dealt with yet."""
        return self.filter(is_helpful=False, handled_at__isnull=True).exclude(words="")


class Feedback(models.Model):
    """What one reader answered to “Was this page helpful?”, with the revision that they had read.

    Nothing in it identifies the reader.
    """

    class Reason(models.TextChoices):
        HARD_TO_UNDERSTAND = "hard-to-understand", _lazy("It is hard to understand")
        NOT_WHAT_I_LOOKED_FOR = "not-what-i-looked-for", _lazy("It is not what I was looking for")
        SOMETHING_IS_MISSING = "something-is-missing", _lazy("Something is missing")
        I_DO_NOT_TRUST_IT = "i-do-not-trust-it", _lazy("I don't trust what it says")
        SOMETHING_ELSE = "something-else", _lazy("Something else")

    revision = models.ForeignKey(
        "Revision", verbose_name=_lazy("revision"), on_delete=models.PROTECT, related_name="feedback"
    )
    is_helpful = models.BooleanField(_lazy("helpful"))
    reason = models.CharField(_lazy("reason"), max_length=30, choices=Reason, blank=True)
    words = models.TextField(_lazy("in the reader's words"), max_length=500, blank=True)
    created_at = models.DateTimeField(_lazy("sent"), auto_now_add=True)
    handled_at = models.DateTimeField(_lazy("dealt with"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_lazy("dealt with by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    handled_note = models.TextField(_lazy("what was done"), blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("feedback")
        verbose_name_plural = _lazy("feedback")
        ordering = ["-created_at", "-pk"]
        # Only readers add answers, and no one deletes them.
        default_permissions = ("view", "change")
        constraints = [
            # A “yes” is a bare count; only a “no” is asked for its reason.
            models.CheckConstraint(
                condition=Q(is_helpful=False) | Q(reason="", words=""), name="reason_only_where_it_did_not_help"
            ),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=False) | Q(handled_note=""), name="feedback_note_has_its_day"
            ),
        ]

    def __str__(self):
        return str(_lazy("Helpful") if self.is_helpful else _lazy("Not helpful"))

    @property
    def needs_an_answer(self):
        return not self.is_helpful and self.handled_at is None and self.words != ""


class FeedbackLimit(AddressCount):
    """How often one address answered in the hour that began at `window_start`. The key is a digest of the address."""
