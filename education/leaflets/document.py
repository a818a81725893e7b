"""What stands on a leaflet, before it is printed."""

import hashlib
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from education.addresses import absolute
from education.article_page import article_context
from education.leaflets.html import for_paper
from education.leaflets.qr_code import qr_code


def leaflet_html(article) -> str:
    """The leaflet of an article's live revision as HTML, the same for every format, in the article's language."""
    page_url = absolute(article.get_absolute_url())
    with translation.override(article.language):
        context = article_context(article, article.live)
        context |= {
            "body": for_paper(context["body_html"], page_url),
            "words": sorted(article.live.glossary, key=lambda word: word["term"].casefold()),
            "page_url": page_url,
            "qr": qr_code(page_url),
            "legend": any(
                entry["statement"].is_rated for group in context["statement_groups"] for entry in group["entries"]
            ),
        }
        return render_to_string("education/leaflet.html", context)


def style_sheet() -> str:
    """Read where it lies, not where collectstatic puts it: printing needs no web server."""
    return Path(finders.find("css/leaflet.css")).read_text()


def source_digest(html: str, css: str, format: str, printer: str) -> str:
    """Stays the same while a leaflet printed anew would be the same. `printer` is the version of what prints it."""
    look = hashlib.sha256("\0".join([format, printer, css]).encode()).hexdigest()
    return words_digest(html) + look[:24]


def words_digest(html: str) -> str:
    """The beginning of the source digest: what the leaflet says, however it is printed."""
    return hashlib.sha256(html.encode()).hexdigest()[:40]
