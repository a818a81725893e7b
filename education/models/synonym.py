from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from education.models.article import Language


class SynonymGroup(models.Model):
    """Words that readers use for the same thing. Whoever searches for one finds the others too."""

    language = models.CharField(_lazy("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    names = models.TextField(
        _lazy("words for the same thing"),
        help_text=_lazy("One on each line. A name may be several words, which then have to stand side by side."),
    )
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _lazy("search synonyms")
        verbose_name_plural = _lazy("search synonyms")
        ordering = ["language", "names"]

    def __str__(self):
        return ", ".join(self.names.splitlines())
