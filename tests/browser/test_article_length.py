"""Articles on a phone: as short as we promise, with the parts that help first. What is folded stays folded.

The site has leaflets, as any site has a minute after it was started.
"""

import pytest
from playwright.sync_api import expect

from education.models import Leaflet
from education.models.article import article_url
from education.seed.files import read_content
from tests.browser.touch_targets import small_targets
from tests.browser.waiting import eventually, expect_no_sideways_scrolling

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
SMALL_PHONE = {"width": 320, "height": 640}
# How long a page may be, and how far down the last of its first three parts may begin.
SCREENS, FIRST_SCREENS = 14, 4
ONE_LINE = 40  # CSS pixels, with the room that a finger needs
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
        assert page.locator(".leaflets a").count() == len(Leaflet.Format)
        beginnings = [top / PHONE["height"] for top in page.evaluate(BEGINNINGS, FIRST_PARTS)]
        if height > SCREENS or beginnings != sorted(beginnings) or beginnings[-1] > FIRST_SCREENS:
            too_long[address] = [round(screens, 1) for screens in (height, *beginnings)]

        page.set_viewport_size(SMALL_PHONE)
        expect_no_sideways_scrolling(page)
    assert too_long == {}


def test_leaflets_take_one_line_until_they_are_asked_for(reading_site, new_page):
    page = new_page(viewport=SMALL_PHONE, java_script_enabled=False)
    page.goto(reading_site + "/conditions/acne/")
    leaflets = page.locator(".leaflets")
    links = leaflets.get_by_role("link")
    assert leaflets.bounding_box()["height"] <= ONE_LINE
    expect(links).to_have_count(0)

    leaflets.get_by_text("Print or save this page").click()
    expect(links).to_have_count(len(Leaflet.Format))
    expect(links.first).to_have_text("Leaflet (PDF, 2 pages)")


def test_the_list_of_leaflets_can_be_heard_and_touched(reading_site, new_page, no_axe_violations):
    page = new_page(viewport=PHONE)
    page.goto(reading_site + "/conditions/acne/")
    page.get_by_text("Print or save this page").click()
    expect(page.get_by_role("link", name="All of it (PDF, 14 pages)")).to_be_visible()
    no_axe_violations(page)
    assert small_targets(page) == []
