from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class Intervention(models.Model):
    """What may help or harm, such as probiotics: a row of the evidence map. Clinicians keep the rows in admin."""

    slug = models.SlugField(
        _lazy("short name"), max_length=40, unique=True, help_text=_lazy("Part of addresses and of the downloads.")
    )
    name = models.CharField(_lazy("name"), max_length=80, help_text=_lazy("As the rows of the evidence map show it."))
    plain_name = models.CharField(
        _lazy("in plain words"),
        max_length=200,
        blank=True,
        help_text=_lazy("What it is, for a reader who does not know."),
    )
    position = models.PositiveSmallIntegerField(
        _lazy("position"), default=1000, help_text=_lazy("Rows of the map are in the order of these numbers.")
    )
    therapy = models.ForeignKey(
        "Article",
        verbose_name=_lazy("therapy page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="interventions",
        limit_choices_to={"kind": "therapy"},
        help_text=_lazy("The page that explains it, if there is one."),
    )
    search_words = models.TextField(
        _lazy("words for PubMed"),
        blank=True,
        help_text=_lazy(
            "The names by which PubMed knows it, one on each line, such as semaglutide. Questions to PubMed that "
            "no one has edited are made of them; without any, of the name of the row."
        ),
    )
    is_no_treatment = models.BooleanField(
        _lazy("not a treatment"),
        default=False,
        help_text=_lazy("No trial could answer it: PubMed is asked about it only in words that you write yourself."),
    )
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _lazy("intervention")
        verbose_name_plural = _lazy("interventions")
        ordering = ["position", "name"]

    def __str__(self):
        return self.name
