from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from education.models.article import Language
from gutskin.readable_json import ReadableJSONEncoder


class GlossaryTerm(models.Model):
    """A word that readers may not know, explained in plain words."""

    slug = models.SlugField(_lazy("short name"), max_length=60)
    language = models.CharField(_lazy("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    term = models.CharField(_lazy("word"), max_length=80)
    also = models.JSONField(
        _lazy("also called"),
        default=list,
        blank=True,
        encoder=ReadableJSONEncoder,
        help_text=_lazy('Other words for it, as a list: ["SCFA"].'),
    )
    definition = models.TextField(_lazy("what it means"), help_text=_lazy("One to three short sentences."))
    article = models.ForeignKey(
        "Article",
        verbose_name=_lazy("article that explains it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # See education/seed/writing.py: while it matches, load_content may update the term.
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _lazy("glossary term")
        verbose_name_plural = _lazy("glossary terms")
        ordering = ["term"]
        constraints = [models.UniqueConstraint(fields=["language", "slug"], name="glossary_slug_is_unique")]

    def __str__(self):
        return self.term

    def get_absolute_url(self):
        """Leads to its place, on whichever page of the glossary it is."""
        return reverse("education:glossary-term", args=[self.slug])
