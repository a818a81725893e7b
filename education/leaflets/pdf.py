"""From HTML to PDF/UA (ISO 14289-1) by WeasyPrint, an extra that needs Pango, a library of the system."""

import importlib.metadata
import importlib.util
import logging
from functools import cache

from gutskin import pango

# It tells every page it lays out; what is wrong with one it still tells.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


class CannotPrint(Exception):
    """This machine cannot make PDFs; the message says what it lacks."""


def printer() -> str:
    """Name and version of what prints; raises CannotPrint. Imports nothing heavy."""
    if lacks := _lacking():
        raise CannotPrint(lacks)
    return f"weasyprint {importlib.metadata.version('weasyprint')}"


def print_pdf(html: str, css: str, *, format: str, identifier: str) -> tuple[bytes, int]:
    """The PDF and its number of pages. Nothing is fetched, neither from the network nor from a file."""
    printer()
    # Some 40 MB and more than a second, so only once something is to be printed.
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    class NothingFetched(URLFetcher):
        def fetch(self, url, headers=None):
            # The drawing that the style sheet brings inside itself.
            if url.startswith("data:image/svg+xml,"):
                return super().fetch(url, headers)
            raise ValueError(f"A leaflet fetches nothing, and was asked for {url[:200]}")

    page = HTML(string=html, url_fetcher=NothingFetched())
    page.etree_element.set("class", format)
    document = page.render(stylesheets=[CSS(string=css, url_fetcher=NothingFetched())])
    return document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode()), len(document.pages)


@cache
def _lacking() -> str:
    if importlib.util.find_spec("weasyprint") is None:
        return "WeasyPrint is not installed (requirements-pdf.txt)."
    if not pango.is_installed():
        return "Pango is not installed (Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0)."
    return ""
