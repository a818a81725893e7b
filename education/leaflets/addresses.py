"""Where a leaflet is found: beside its page, one address for each format, so that caches keep them apart."""

from django.urls import reverse
from django.utils.translation import gettext as _

from education.models import Leaflet
from education.models.article import language_kwargs

Format = Leaflet.Format
ENDINGS = {Format.A4: "pdf", Format.LETTER: "letter.pdf", Format.LARGE_PRINT: "large-print.pdf"}


class LeafletFormat:
    """The end of a leaflet's address: what follows the first dot of psoriasis.large-print.pdf."""

    regex = r"pdf|letter\.pdf|large-print\.pdf"

    def to_python(self, value):
        return next(format for format, ending in ENDINGS.items() if ending == value)

    def to_url(self, value):
        return ENDINGS[Format(value)]


def leaflet_url(article, format):
    """Public address of an article's leaflet, whether it has been made yet or not."""
    return reverse(
        f"education:{article.kind}-leaflet",
        kwargs={"slug": article.slug, "format": format} | language_kwargs(article.language),
    )


def file_name(article, format) -> str:
    """The name under which a reader's computer keeps it: gutskin-psoriasis.large-print.pdf"""
    return f"gutskin-{article.slug}.{ENDINGS[Format(format)]}"


def offered(article):
    """The leaflets that are ready, for an article that was asked for `with_leaflets()`: address, label, pages."""
    labels = {
        Format.A4: _("Leaflet"),
        Format.LETTER: _("Leaflet on US Letter paper"),
        Format.LARGE_PRINT: _("Leaflet in large print"),
    }
    return [
        {"url": leaflet_url(article, format), "label": labels[Format(format)], "pages": pages}
        for format, pages in article.leaflet_pages.items()
        if pages
    ]
