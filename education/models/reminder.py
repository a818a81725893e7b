from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewDigest(models.Model):
    """One person's reminder of reviews that fall due, at most one a week: its row is what makes it once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.CASCADE, related_name="+"
    )
    week = models.DateField(_("week"), help_text=_("The Monday on which the week begins."))
    article_ids = models.JSONField(_("articles"), default=list)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("review reminder")
        verbose_name_plural = _("review reminders")
        ordering = ["-week", "user"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "week"], name="one_digest_a_week")]

    def __str__(self):
        return f"{self.user}, {self.week}"
