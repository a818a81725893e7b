"""A leaflet is a sheet of paper: how much of it is left out, until it fits. These tests need WeasyPrint and Pango."""

import datetime
import io
import re

import pytest
from django.db import transaction
from pypdf import PdfReader

from education.leaflets.html import LARGE_ROOMS, MOST_PAGES, ROOMS, documents, style_sheet
from education.leaflets.pdf import print_pdf
from education.models import Article, Clinician
from education.seed.files import CONTENT_DIR
from tests.content import load_content
from tests.education.factories import make_published_article

pytestmark = pytest.mark.pdf
SLUGS = sorted(path.stem for path in CONTENT_DIR.glob("en/*/*.md"))
BETTER_FONTS = re.compile('"(Noto|Liberation) (Sans|Serif)", ')


def pages_of(variants, format, css=None):
    css = css or style_sheet(format)
    pdf, pages = print_pdf(variants, css, format=format, identifier="x", most_pages=MOST_PAGES[format])
    return pages, pdf


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        articles = Article.objects.published().select_related("live__reviewer")
        found = {article.slug: documents(article) for article in articles}
        article = articles.get(slug="antibiotic-stewardship")
        # Everything above the text that a page can have.
        article.live.reviewer = Clinician(pk=1, name="Dr Rosa Aurelia Castellanos-Montgomery", role="dermatologist")
        article.live.last_reviewed, article.live.next_review_due = datetime.date(2024, 1, 1), datetime.date(2025, 1, 1)
        found["long head"] = documents(article)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("format, most", [("a4", 2), ("letter", 2), ("large-print", 6)])
@pytest.mark.parametrize("slug", [*SLUGS, "long head"])
def test_every_leaflet_fits(seeded, slug, format, most):
    assert pages_of(seeded[slug][format], format)[0] <= most


@pytest.mark.parametrize("format, most", [("letter", 2), ("large-print", 6)])
@pytest.mark.parametrize("slug", ["antibiotic-stewardship", "atopic-dermatitis", "medicines-and-the-gut"])
def test_the_longest_fit_in_the_widest_font(seeded, slug, format, most):
    """DejaVu is all that a bare machine has."""
    css, changed = BETTER_FONTS.subn("", style_sheet(format))

    assert changed == 4
    assert pages_of(seeded[slug][format], format, css)[0] <= most


def test_the_first_that_fits_is_printed():
    pages = [f"<html lang=en><title>{n}</title>" + n * "<p style='break-after: page'>Page</p>" for n in (5, 4, 2, 1)]

    assert pages_of(pages, "a4")[0] == 2
    assert PdfReader(io.BytesIO(pages_of(pages, "a4")[1])).metadata.title == "2"


def test_what_never_fits_is_printed_all_the_same(caplog):
    html = "<html lang=en><title>Long</title>" + 3 * "<p style='break-after: page'>Page</p>"

    assert pages_of((html,), "a4")[0] == 3
    assert "“Long” has more than 2 pages (a4)" in caplog.text


def test_the_drawing_goes_first_then_questions_beyond_four_then_numbers_beyond_two():
    shown = [(room.drawing, room.questions, room.numbers) for room in ROOMS if not room.is_dense]

    assert shown == [(True, None, 4), (False, None, 4), (False, 4, 4), (False, 4, 3), (False, 4, 2)]
    assert ROOMS[: len(shown)] == tuple(room for room in ROOMS if not room.is_dense)
    assert not any(room.drawing for room in LARGE_ROOMS)


@pytest.mark.django_db
def test_care_cards_are_never_left_out():
    article = make_published_article(questions="\n".join(f"Question {number}?" for number in range(9)))

    variants = documents(article)

    assert [html.count("care-card__heading") for html in variants["a4"]] == [len(article.live.care_cards)] * len(
        variants["a4"]
    )
    questions = [len(re.findall(r"Question \d", html)) for html in variants["a4"] if 'class="dense' not in html]
    assert questions == [9, 9, 4]
    assert ["<img" in html for html in variants["a4"]][:3] == [True, False, False]
