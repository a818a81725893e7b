from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


class Leaflet(models.Model):
    """A page as a PDF: a leaflet, or all of it. Stored in the database, so that every copy of the site serves it."""

    class Format(models.TextChoices):
        A4 = "a4", _lazy("A4")
        LETTER = "letter", _lazy("US Letter")
        LARGE_PRINT = "large-print", _lazy("Large print, A4")
        WHOLE_A4 = "whole-a4", _lazy("Whole page, A4")
        WHOLE_LETTER = "whole-letter", _lazy("Whole page, US Letter")

    article = models.ForeignKey(
        "Article", verbose_name=_lazy("article"), on_delete=models.CASCADE, related_name="leaflets"
    )
    revision = models.ForeignKey("Revision", verbose_name=_lazy("revision"), on_delete=models.CASCADE, related_name="+")
    format = models.CharField(_lazy("format"), max_length=20, choices=Format)
    source_digest = models.CharField(
        max_length=64, help_text=_lazy("Digest of what was printed. While it still matches, the leaflet is up to date.")
    )
    # docs/decisions/0012 says why it is not a file.
    pdf = models.BinaryField("PDF")
    pages = models.PositiveSmallIntegerField(_lazy("pages"))
    made_at = models.DateTimeField(_lazy("made"), default=timezone.now)

    class Meta:
        verbose_name = _lazy("leaflet")
        verbose_name_plural = _lazy("leaflets")
        ordering = ["article", "format"]
        # Not in admin: only the scheduler and make_leaflets write leaflets.
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "format"], name="one_leaflet_of_a_format")]

    def __str__(self):
        return f"{self.revision}, {self.get_format_display()}"
