from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class CannedReply(models.Model):
    """A reply to begin with. It says nothing of a patient: what is particular is filled in or written by hand."""

    title = models.CharField(_lazy("title"), max_length=100)
    language = models.CharField(_lazy("language"), max_length=10, default="en")
    text = models.TextField(_lazy("text"), max_length=10_000)
    is_active = models.BooleanField(_lazy("offered"), default=True)

    class Meta:
        verbose_name = _lazy("canned reply")
        verbose_name_plural = _lazy("canned replies")
        ordering = ["language", "title"]
        constraints = [models.UniqueConstraint(fields=["language", "title"], name="canned_reply_title_once")]

    def __str__(self):
        return self.title
