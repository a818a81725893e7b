"""Real leaflets and whole pages of the seed content, read back from the PDF. They need WeasyPrint and Pango."""

import io
import re
from collections import Counter
from functools import cache, cached_property
from itertools import pairwise

import pytest
from django.db import transaction
from pypdf import PdfReader

from education import leaflets
from education.article_page import STATEMENTS_ON_A_PAGE
from education.drawings import drawing_of
from education.leaflets.html import MOST_PAGES, documents, style_sheet
from education.leaflets.pdf import print_pdf
from education.models import Article, EvidenceStatement, Leaflet
from tests.content import load_content
from tests.education.factories import make_published_article
from tests.pages import Page

# Without the mark, pytest-django makes no database for a test of this file that runs alone.
pytestmark = [pytest.mark.pdf, pytest.mark.django_db]
SHOWN = {
    "overview": "what-is-the-gut-skin-axis",
    "mechanism": "gut-microbiota",
    "condition": "atopic-dermatitis",
    "therapy": "antibiotic-stewardship",
}
LEAFLETS = [*((slug, "a4") for slug in SHOWN.values()), ("psoriasis", "letter"), ("atopic-dermatitis", "large-print")]
WHOLE = [("gut-microbiota", "whole-a4"), ("psoriasis", "whole-letter")]
every_leaflet = pytest.mark.parametrize("slug, format", LEAFLETS)
every_whole_page = pytest.mark.parametrize("slug, format", WHOLE)
every_document = pytest.mark.parametrize("slug, format", LEAFLETS + WHOLE)
POINTS_OF_A_PIXEL = 0.75


class Printed:
    def __init__(self, article, variants, format):
        self.article = article
        most = MOST_PAGES.get(format, 99)
        for html in variants:
            self.html = html
            self.bytes, self.pages = printed_on_paper((html,), format)
            if self.pages <= most:
                break
        self.reader = PdfReader(io.BytesIO(self.bytes))
        self.catalog = self.reader.trailer["/Root"]
        # Reading a page takes as long as printing it, so its text and the sizes of its letters are read in one go.
        self.sizes = set()
        look = self._note_size if format == "large-print" else None
        self.text = "\n".join(page.extract_text(visitor_text=look) for page in self.reader.pages)

    def _note_size(self, text, cm, tm, font, size):
        if text.strip():
            self.sizes.add(round(abs(size * tm[3] * cm[3]), 1))

    @cached_property
    def squeezed(self):
        """The text without white space: a line may break inside a long address."""
        return re.sub(r"\s", "", self.text)

    @cached_property
    def tags(self):
        """Every element of the structure tree, in reading order."""
        waiting, found = [self.catalog["/StructTreeRoot"]], []
        while waiting:
            element = waiting.pop(0).get_object()
            if not isinstance(element, dict):
                continue
            if "/S" in element:
                found.append(element)
            kids = element.get("/K", [])
            kids = kids.get_object() if hasattr(kids, "get_object") else kids
            waiting[:0] = kids if isinstance(kids, list) else [kids]
        return found

    @cached_property
    def links(self):
        return [note.get_object() for page in self.reader.pages for note in page.get("/Annots", [])]


def printed_on_paper(variants, format, most_pages=None):
    return print_pdf(variants, style_sheet(format), format=format, identifier="for the test", most_pages=most_pages)


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        slugs = {slug for slug, _format in LEAFLETS + WHOLE}
        articles = Article.objects.published().filter(slug__in=slugs).select_related("live__reviewer")
        pages = {article.slug: (article, documents(article)) for article in articles}
        about_psoriasis = EvidenceStatement.objects.published().for_article(pages["psoriasis"][0])
        shown = about_psoriasis.most_certain(STATEMENTS_ON_A_PAGE)
        reasons = {"psoriasis": list(shown.values_list("why", flat=True))}
        transaction.set_rollback(True)

    # Each when a test first reads it: the tests of this file may be spread over several processes.
    @cache
    def leaflet(slug, format):
        article, variants = pages[slug]
        return Printed(article, variants[format], format)

    leaflet.reasons = reasons
    return leaflet


@every_document
def test_it_is_tagged_and_declares_pdf_ua(printed, slug, format):
    catalog = printed(slug, format).catalog

    assert catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712  a PDF's own true
    assert "/StructTreeRoot" in catalog
    assert re.search(rb"pdfuaid:part=.1|<pdfuaid:part>1<", catalog["/Metadata"].get_object().get_data())


@every_document
def test_language_and_title_are_set_and_the_title_is_shown(printed, slug, format):
    leaflet = printed(slug, format)

    assert leaflet.catalog["/Lang"] == "en"
    assert leaflet.reader.metadata.title == leaflet.article.live.title
    assert leaflet.catalog["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712  likewise


@every_document
def test_headings_are_tagged_and_skip_no_level(printed, slug, format):
    levels = [int(tag["/S"][2:]) for tag in printed(slug, format).tags if re.fullmatch(r"/H\d", tag["/S"])]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert levels.count(2) >= 5
    assert all(after <= before + 1 for before, after in pairwise(levels))


@every_document
def test_every_figure_has_words(printed, slug, format):
    """Icon arrays are none: the sentence beside them is read, and they are artifacts."""
    leaflet = printed(slug, format)
    figures = [tag.get("/Alt") for tag in leaflet.tags if tag["/S"] == "/Figure"]

    drawing = drawing_of("en", slug)
    has_drawing = 'class="drawing"' in leaflet.html
    qr_code = f"QR code that opens the page https://gutskin.example{leaflet.article.get_absolute_url()}"
    assert figures == [*([drawing.alt] if has_drawing else []), qr_code]
    assert has_drawing or not format.startswith("whole")


@every_document
def test_lists_are_lists(printed, slug, format):
    leaflet = printed(slug, format)
    revision = leaflet.article.live
    items = len([tag for tag in leaflet.tags if tag["/S"] == "/LI"])

    shown = len(revision.key_points) + len(revision.actions) + sum(len(card["items"]) for card in revision.care_cards)
    assert items >= shown + min(len(revision.questions), 4)
    assert all(tag["/P"]["/S"] == "/L" for tag in leaflet.tags if tag["/S"] == "/LI")


@every_document
def test_no_word_is_lost(printed, slug, format):
    """Every word of the HTML is in the PDF, at least as often."""
    leaflet = printed(slug, format)
    body = leaflet.html.partition("<body>")[2]
    body = re.sub(r"<svg.*?</svg>", "", body, flags=re.S)
    # What is in the margins is repeated on every page.
    body = re.sub(r'<div class="foot-\w+">.*?</div>\n', "", body, flags=re.S)
    body = re.sub(r"</(?:li|p|div|h\d)>", " ", body)
    words = Counter(Page(body).text.split())

    assert len(words) > 250
    found = leaflet.squeezed
    assert {word: times for word, times in words.items() if found.count(word) < times} == {}


def missing(leaflet, needed):
    """Which of these texts the document does not have. A footer may come in the middle of one."""
    title = leaflet.article.live.title
    footer = re.compile(re.escape(re.sub(r"\s", "", f"GutSkin · {title}")) + rf"Page\d+of{leaflet.pages}")
    found = footer.sub("", leaflet.squeezed) + leaflet.squeezed
    return [words for words in needed if re.sub(r"\s", "", words) not in found]


def parts_of_both(leaflet):
    revision = leaflet.article.live
    return [
        revision.title,
        revision.summary,
        *revision.key_points,
        *revision.actions,
        *[words for card in revision.care_cards for words in (card["heading"], *card["items"], card.get("advice", ""))],
        *revision.questions[:4],
        *[f"Page {number} of {leaflet.pages}" for number in range(1, leaflet.pages + 1)],
        "Awaiting clinical review.",
        "This information does not replace advice from your clinician.",
        revision.conflicts_of_interest,
        f"Version {revision.number}, published on",
        f"https://gutskin.example{leaflet.article.get_absolute_url()}",
    ]


@every_leaflet
def test_it_has_every_part_of_a_leaflet(printed, slug, format):
    leaflet = printed(slug, format)

    assert missing(leaflet, parts_of_both(leaflet)) == []
    # Beneath the last care card.
    assert "Emergency:999" in leaflet.squeezed


@every_whole_page
def test_it_has_every_part_of_the_page(printed, slug, format):
    leaflet = printed(slug, format)
    revision = leaflet.article.live
    needed = [
        *revision.questions,
        *[word["definition"] for word in revision.glossary],
        *[heading["text"] for heading in revision.contents],
        *printed.reasons.get(slug, []),
    ]

    assert missing(leaflet, [*parts_of_both(leaflet), *needed]) == []


@every_document
def test_signs_have_glyphs(printed, slug, format):
    leaflet = printed(slug, format)
    signs = set(re.findall("[⊕◯↑↓↔↕→]", leaflet.html))

    assert signs <= set(leaflet.text)
    if format == "whole-letter":
        assert {"⊕", "◯"} <= signs
        assert any("DejaVu" in font for font in fonts(leaflet))


@every_document
def test_links_lead_to_sources_and_stay_on_the_page(printed, slug, format):
    leaflet = printed(slug, format)
    addresses = {link["/A"]["/URI"] for link in leaflet.links if "/A" in link}
    named = {link["/Dest"] for link in leaflet.links if "/Dest" in link}
    width = float(leaflet.reader.pages[0].mediabox.width)

    assert f"https://gutskin.example{leaflet.article.get_absolute_url()}" in addresses
    assert not format.startswith("whole") or len([address for address in addresses if "doi.org" in address]) >= 3
    assert {name for name in named if name not in leaflet.reader.named_destinations} == set()
    assert [link["/Rect"] for link in leaflet.links if not 30 < link["/Rect"][0] <= link["/Rect"][2] < width - 30] == []
    assert all(link.get("/Contents") for link in leaflet.links)


@pytest.mark.parametrize(
    "slug, format, size",
    [
        (*LEAFLETS[0], (595, 842)),
        (*LEAFLETS[4], (612, 792)),
        (*LEAFLETS[5], (595, 842)),
        (*WHOLE[0], (595, 842)),
        (*WHOLE[1], (612, 792)),
    ],
)
def test_every_page_has_the_size_of_its_paper(printed, slug, format, size):
    boxes = {(round(p.mediabox.width), round(p.mediabox.height)) for p in printed(slug, format).reader.pages}

    assert boxes == {size}


@every_document
def test_it_is_small_enough_to_mail(printed, slug, format):
    assert len(printed(slug, format).bytes) < (250_000 if format.startswith("whole") else 150_000)


def fonts(leaflet):
    return {
        font.get_object()["/BaseFont"]
        for page in leaflet.reader.pages
        for font in page["/Resources"]["/Font"].get_object().values()
    }


def test_large_print_is_18_points_or_more_and_never_slanted(printed):
    leaflet = printed("atopic-dermatitis", "large-print")

    assert min(leaflet.sizes) >= 18
    assert [font for font in fonts(leaflet) if re.search("Italic|Oblique", font)] == []


def test_nothing_is_fetched(tmp_path, caplog):
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG")
    html = f'<html lang="en"><title>T</title><img alt="x" src="file://{secret}"><img alt="y" src="http://127.0.0.1:9/z.png">'
    css = '@import "http://127.0.0.1:9/z.css"; p { background: url(file:///etc/passwd) } p { color: red }'

    pdf, pages = print_pdf((html + "<p>Words</p>",), css, format="a4", identifier="x")

    assert pages == 1
    assert caplog.text.count("A leaflet must not fetch anything") == 4
    assert PdfReader(io.BytesIO(pdf)).pages[0].images.keys() == []


def test_the_same_page_gives_the_same_file(db):
    make_published_article()
    leaflets.make_missing(at_most=1)
    first = bytes(Leaflet.objects.get().pdf)

    leaflets.make_missing(at_most=1, force=True)

    assert bytes(Leaflet.objects.get().pdf) == first


def test_a_long_title_stays_in_its_margin(db):
    title = "Everything that anybody has ever asked about eczema and the gut, told with all of its unusually long words"
    article = make_published_article(title=title)

    leaflet = Printed(article, documents(article)["large-print"], "large-print")

    assert re.sub(r"\s", "", title) in leaflet.squeezed
    assert f"Page1of{leaflet.pages}" in leaflet.squeezed


def test_a_leaflet_in_arabic_runs_from_right_to_left(db):
    article = make_published_article()
    article.language = "ar"

    (html, *_shorter) = documents(article)["a4"]

    assert '<html lang="ar" dir="rtl">' in html
    assert PdfReader(io.BytesIO(printed_on_paper((html,), "a4")[0])).trailer["/Root"]["/Lang"] == "ar"
