"""Addresses and file names of leaflets. Each format has its own address, so that caches keep them apart."""

from django.urls import reverse
from django.utils.translation import gettext as _

from education.models import Leaflet
from education.models.article import language_kwargs

Format = Leaflet.Format
EXTENSIONS = {
    Format.A4: "pdf",
    Format.LETTER: "letter.pdf",
    Format.LARGE_PRINT: "large-print.pdf",
    Format.WHOLE_A4: "whole.pdf",
    Format.WHOLE_LETTER: "whole.letter.pdf",
}


class LeafletFormat:
    """Path converter for the end of a leaflet's address: what follows the first dot of psoriasis.large-print.pdf."""

    regex = r"pdf|letter\.pdf|large-print\.pdf|whole\.pdf|whole\.letter\.pdf"

    def to_python(self, value):
        return next(format for format, extension in EXTENSIONS.items() if extension == value)

    def to_url(self, value):
        return EXTENSIONS[Format(value)]


def leaflet_url(article, format):
    """The public path of an article's leaflet, whether or not that has been made yet."""
    return reverse(
        f"education:{article.kind}-leaflet",
        kwargs={"slug": article.slug, "format": format} | language_kwargs(article.language),
    )


def file_name(article, format) -> str:
    """The name under which browsers save a leaflet, such as gutskin-psoriasis.large-print.pdf."""
    return f"gutskin-{article.slug}.{EXTENSIONS[Format(format)]}"


def ready_leaflets(article):
    """The leaflets that have been made: format, url, label and number of pages. The article comes `with_leaflets()`."""
    # Not Leaflet.Format's own labels, which name the paper for staff.
    labels = {
        Format.A4: _("Leaflet"),
        Format.LETTER: _("Leaflet on US Letter paper"),
        Format.LARGE_PRINT: _("Leaflet in large print"),
        Format.WHOLE_A4: _("All of it"),
        Format.WHOLE_LETTER: _("All of it on US Letter paper"),
    }
    return [
        {"format": format, "url": leaflet_url(article, format), "label": labels[Format(format)], "pages": pages}
        for format, pages in article.leaflet_pages.items()
        if pages
    ]
