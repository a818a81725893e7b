"""What is printed of an article, its leaflet and its whole page, and the digest that tells whether it has changed."""

import hashlib
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from education.addresses import absolute
from education.article_page import article_context
from education.leaflets.numbers import leading_findings
from education.leaflets.pictures import drawing_picture, qr_code
from education.models import Leaflet

Format = Leaflet.Format
VOID = {"br"}
# A leaflet is a sheet of paper, printed on both sides; in large print, three.
MOST_PAGES = {Format.A4: 2, Format.LETTER: 2, Format.LARGE_PRINT: 6}


class Room(NamedTuple):
    """What is shown on a leaflet of that which may be left out. Care cards are never left out."""

    drawing: bool
    questions: int | None  # at most so many; None means all of them
    numbers: int
    pictures: bool = True  # of the numbers
    is_dense: bool = False


# What is left out if the leaflet does not fit, in this order: the drawing, questions beyond four, numbers beyond two.
STEPS = (
    Room(drawing=True, questions=None, numbers=4),
    Room(drawing=False, questions=None, numbers=4),
    Room(drawing=False, questions=4, numbers=4),
    Room(drawing=False, questions=4, numbers=3),
    Room(drawing=False, questions=4, numbers=2),
)
NUMBERS_IN_WORDS = Room(drawing=False, questions=4, numbers=2, pictures=False)
NO_NUMBERS = Room(drawing=False, questions=4, numbers=0)


def _dense(rooms):
    return [room._replace(is_dense=True) for room in rooms]


# If that is not enough, the same in smaller letters; at last, for long care cards in a wide font, without pictures.
ROOMS = (*STEPS, *_dense([*STEPS, NUMBERS_IN_WORDS, NO_NUMBERS]))
# In large print nothing is smaller than 18 points. The words of a drawing would be, and dense pages have lines that are
# nearer to each other and care cards that may go on on the next page, so they come last.
_LARGE = (*STEPS[1:], NUMBERS_IN_WORDS)
LARGE_ROOMS = (*_LARGE, *_dense([*_LARGE, NO_NUMBERS]))


def documents(article) -> dict[str, tuple[str, ...]]:
    """The HTML of an article's live revision by format, in the article's language.

    Of a leaflet there are several, the fullest first: the first one that fits is printed.
    """
    page_url = absolute(article.get_absolute_url())
    with translation.override(article.language):
        context = article_context(article, article.live) | {"page_url": page_url, "qr": qr_code(page_url)}
        # Rooms that make no difference to this page are left out.
        leaflets, large = (
            tuple(dict.fromkeys(_leaflet(context, room) for room in rooms)) for rooms in (ROOMS, LARGE_ROOMS)
        )
        whole = (_whole_page(context),)
    return {
        Format.A4: leaflets,
        Format.LETTER: leaflets,
        Format.LARGE_PRINT: large,
        Format.WHOLE_A4: whole,
        Format.WHOLE_LETTER: whole,
    }


def _leaflet(context, room):
    drawing = context["drawing"] if room.drawing else None
    return render_to_string(
        "education/leaflet.html",
        context
        | {
            "findings": leading_findings(_statements(context), room.numbers),
            "questions": context["revision"].questions[: room.questions],
            "drawing": drawing,
            "picture": drawing and drawing_picture(drawing),
            "references_url": context["page_url"],
            "has_pictures": room.pictures,
            "is_dense": room.is_dense,
        },
    )


def _whole_page(context):
    return render_to_string(
        "education/whole_page.html",
        context
        | {
            "body": for_paper(context["body_html"], context["page_url"]),
            "picture": context["drawing"] and drawing_picture(context["drawing"]),
            "words": sorted(context["revision"].glossary, key=lambda word: word["term"].casefold()),
            "more_evidence_url": context["more_evidence_url"] and absolute(context["more_evidence_url"]),
            "legend": any(statement.is_rated for statement in _statements(context)),
        },
    )


def _statements(context):
    return [entry["statement"] for group in context["statement_groups"] for entry in group["entries"]]


def style_sheet(format: str) -> str:
    """The CSS for print, read from the source files: the scheduler, which prints, does not need collectstatic."""
    names = ("paper", "leaflet" if format in MOST_PAGES else "whole_page")
    return "\n".join(Path(finders.find(f"css/{name}.css")).read_text() for name in names)


def source_digest(variants: tuple[str, ...], css: str, format: str, printer: str) -> str:
    """A digest that changes when printing would give a different document. `printer` is its name and version."""
    # Two digests, so that a leaflet with the right text can be recognised on a machine that cannot print.
    look = hashlib.sha256("\0".join([format, printer, css]).encode()).hexdigest()
    return words_digest(variants) + look[:24]


def words_digest(variants: tuple[str, ...]) -> str:
    """The first 40 digits of the source digest. They depend only on what is shown, not on how it is printed."""
    return hashlib.sha256("\0".join(variants).encode()).hexdigest()[:40]


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
