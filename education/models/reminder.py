from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class ReviewDigest(models.Model):
    """One person's reminder of reviews that fall due. There is one row per person and week, so one mail."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_lazy("account"), on_delete=models.CASCADE, related_name="+"
    )
    week = models.DateField(_lazy("week"), help_text=_lazy("The Monday on which the week begins."))
    article_ids = models.JSONField(_lazy("articles"), default=list)
    # Deleted with the row.
    notifications = GenericRelation("mail.Notification", content_type_field="about_type", object_id_field="about_id")

    class Meta:
        verbose_name = _lazy("review reminder")
        verbose_name_plural = _lazy("review reminders")
        ordering = ["-week", "user"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "week"], name="one_digest_a_week")]

    def __str__(self):
        return f"{self.user}, {self.week}"
