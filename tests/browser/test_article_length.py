"""Articles on a phone: as short as we promise, with the parts that help first. What is folded stays folded."""

import pytest

from education.models.article import article_url
from education.seed.files import read_content
from tests.browser.waiting import eventually, expect_no_sideways_scrolling

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
SMALL_PHONE = {"width": 320, "height": 640}
# How long a page may be, and how far down the last of its first three parts may begin.
SCREENS, FIRST_SCREENS = 14, 4
FIRST_PARTS = ["part-in-short", "part-actions", "part-get-help"]
# Pictures further down are loaded late, when a reader scrolls to them.
LOAD_PICTURES = "document.querySelectorAll('img').forEach(image => { image.loading = 'eager'; })"
PICTURES_LEFT = "[...document.images].filter(image => !image.complete).length"
BEGINNINGS = "parts => parts.map(part => document.getElementById(part).getBoundingClientRect().top + scrollY)"


def test_every_article_fits_a_phone_and_begins_with_what_helps(reading_site, new_page):
    page = new_page(viewport=PHONE)
    articles, too_long = read_content().articles, {}
    for address in [article_url(article["kind"], article["slug"]) for article in articles]:
        page.set_viewport_size(PHONE)
        page.goto(reading_site + address)
        page.evaluate(LOAD_PICTURES)
        eventually(page, lambda: page.evaluate(PICTURES_LEFT), lambda left: left == 0)
        height = page.evaluate("document.documentElement.scrollHeight") / PHONE["height"]
        beginnings = [top / PHONE["height"] for top in page.evaluate(BEGINNINGS, FIRST_PARTS)]
        if height > SCREENS or beginnings != sorted(beginnings) or beginnings[-1] > FIRST_SCREENS:
            too_long[address] = [round(screens, 1) for screens in (height, *beginnings)]

        page.set_viewport_size(SMALL_PHONE)
        expect_no_sideways_scrolling(page)
    assert too_long == {}
