"""The HTML of a leaflet, with its style sheet, its QR code, and the digest that tells whether it has changed."""

import hashlib
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path
from urllib.parse import urljoin

import segno
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from education.addresses import absolute
from education.article_page import article_context

VOID = {"br"}


def leaflet_html(article) -> str:
    """The leaflet of an article's live revision, in the article's language. It is the same for every paper format."""
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
    """The CSS for print, read from the source files: the scheduler, which prints, does not need collectstatic."""
    return Path(finders.find("css/leaflet.css")).read_text()


def source_digest(html: str, css: str, format: str, printer: str) -> str:
    """A digest that changes when printing would give a different leaflet. `printer` is its name and version."""
    # Two digests, so that a leaflet with the right text can be recognised on a machine that cannot print.
    look = hashlib.sha256("\0".join([format, printer, css]).encode()).hexdigest()
    return words_digest(html) + look[:24]


def words_digest(html: str) -> str:
    """The first 40 digits of the source digest. They depend only on the text, not on how it is printed."""
    return hashlib.sha256(html.encode()).hexdigest()[:40]


def for_paper(body_html: str, page_url: str) -> str:
    """A body for paper, where no one can press a button or follow a relative link.

    Glossary buttons and links are removed, and other links are made absolute with `page_url`.
    """
    writer = _PaperWriter(page_url)
    writer.feed(body_html)
    writer.close()
    return "".join(writer.out)


class _PaperWriter(HTMLParser):
    def __init__(self, page_url):
        super().__init__(convert_charrefs=True)
        self.page_url = page_url
        self.out = []
        self.in_button = False
        # For each open <a>, whether it is kept.
        self.links = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "button":
            self.in_button = True
            return
        if tag == "a":
            self.links.append(attrs.get("class") != "term")
            if not self.links[-1]:
                return
            # In a PDF, the label of a citation would be read instead of the number that is printed.
            attrs.pop("aria-label", None)
            if not attrs.get("href", "").startswith("#"):
                attrs["href"] = urljoin(self.page_url, attrs.get("href", ""))
        pairs = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs.items())
        self.out.append(f"<{tag}{pairs}>")

    def handle_endtag(self, tag):
        if tag == "button":
            self.in_button = False
        elif tag in VOID or (tag == "a" and not (self.links and self.links.pop())):
            return
        else:
            self.out.append(f"</{tag}>")

    def handle_data(self, data):
        if not self.in_button:
            self.out.append(escape(data, quote=False))


# Choosing the best mask of a QR code takes longer than the rest of a leaflet's HTML.
@lru_cache(maxsize=1000)
def qr_code(text: str) -> dict:
    """A QR code (ISO/IEC 18004): its `size` in modules with the quiet zone, and its `path` for an SVG."""
    code = segno.make(text, error="m", micro=False)
    # Neighbours in a row are one rectangle: half as many to draw, and no hairline between them.
    dark = [
        f"M{x} {y}h{width}v1h-{width}z"
        for y, row in enumerate(code.matrix_iter(border=code.default_border_size))
        for x, width in _runs(row)
    ]
    return {"size": code.symbol_size()[0], "path": "".join(dark)}


def _runs(row):
    """Where each run of dark modules begins, and how long it is."""
    x = 0
    for is_dark, modules in groupby(row, key=bool):
        width = len(list(modules))
        if is_dark:
            yield x, width
        x += width
