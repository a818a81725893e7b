"""From HTML to PDF/UA (ISO 14289-1) with WeasyPrint, an optional dependency that needs the system library Pango."""

import importlib.metadata
import importlib.util
import logging
from functools import cache

from gutskin import pango

logger = logging.getLogger(__name__)
# Do not log the progress of every page; warnings are still logged.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


class CannotPrint(Exception):
    """This machine cannot make PDFs; the message says what is missing."""


def printer() -> str:
    """Name and version of the printer, without importing it. Raises CannotPrint."""
    if problem := _missing_requirement():
        raise CannotPrint(problem)
    return f"weasyprint {importlib.metadata.version('weasyprint')}"


def print_pdf(
    variants: tuple[str, ...], css: str, *, format: str, identifier: str, most_pages: int | None = None
) -> tuple[bytes, int]:
    """The PDF and its number of pages. Nothing is fetched, neither from the network nor from files.

    The first variant that fits on `most_pages` is printed, or the last one. `format` is a value of Leaflet.Format and a
    class in the style sheet. `identifier` becomes the id of the PDF, which would otherwise be random, so that the same
    page gives the same file. Raises CannotPrint.
    """
    printer()
    # Imported late, because it takes more than a second and about 40 MB.
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    class NothingFetched(URLFetcher):
        def fetch(self, url, headers=None):
            # An image that is part of the style sheet itself.
            if url.startswith("data:image/svg+xml,"):
                return super().fetch(url, headers)
            raise ValueError(f"A leaflet must not fetch anything, but wanted {url[:200]}")

    sheet = CSS(string=css, url_fetcher=NothingFetched())
    for html in variants:
        page = HTML(string=html, url_fetcher=NothingFetched())
        # A class of the page itself may be there already.
        page.etree_element.set("class", f"{format} {page.etree_element.get('class', '')}".strip())
        document = page.render(stylesheets=[sheet])
        if most_pages is None or len(document.pages) <= most_pages:
            break
    else:
        logger.warning("“%s” has more than %s pages (%s)", document.metadata.title, most_pages, format)
    return document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode()), len(document.pages)


@cache
def _missing_requirement() -> str:
    if importlib.util.find_spec("weasyprint") is None:
        return "WeasyPrint is not installed (requirements-pdf.txt)."
    if not pango.is_installed():
        return "Pango is not installed (Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0)."
    return ""
