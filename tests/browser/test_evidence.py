"""The map of the evidence as people meet it: on a wide screen, on a small phone, in the dark, by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import Keyboard
from tests.browser.waiting import eventually, expect_no_sideways_scrolling

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_can_be_read_and_has_no_accessibility_violation(reading_site, new_page, no_axe_violations, scheme):
    page = new_page(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    page.goto(f"{reading_site}/evidence/")
    page.get_by_text("The same as a table").click()
    drawing, lists = page.locator("svg.map"), page.locator(".map-lists")
    for width, shown, hidden in ((1280, drawing, lists), (320, lists, drawing)):
        page.set_viewport_size({"width": width, "height": 800})
        expect(shown).to_be_visible()
        expect(hidden).to_be_hidden()
        expect(page.get_by_role("table")).to_be_visible()
        expect_no_sideways_scrolling(page)
        no_axe_violations(page)


# Of every word, how far it reaches beyond the cell that it belongs to, in units of the drawing.
OUTSIDE = """() => [...document.querySelectorAll(".map__cell")].flatMap(cell => {
    const edge = cell.querySelector(".ring").getBBox();
    return [...cell.querySelectorAll("text")].map(text => [text.textContent, text.getBBox()])
        .filter(([, box]) => box.x < edge.x - 4 || box.x + box.width > edge.x + edge.width + 4
            || box.y < edge.y - 4 || box.y + box.height > edge.y + edge.height + 6)
        .map(([words]) => words);
})"""


def test_no_word_of_the_drawing_leaves_its_cell(reading_site, page):
    page.goto(f"{reading_site}/evidence/")
    expect(page.locator(".map__cell")).to_have_count(4 * 14)
    assert page.evaluate(OUTSIDE) == []


def test_words_of_the_drawing_are_no_smaller_than_12_pixels(reading_site, new_page):
    page = new_page(viewport={"width": 992, "height": 800})
    page.goto(f"{reading_site}/evidence/")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".map text")].map(text =>
            parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"""
    )
    assert min(sizes) >= 12


def test_choosing_with_the_keyboard_alone(reading_site, page):
    page.goto(f"{reading_site}/evidence/")
    keys = Keyboard(page)
    page.get_by_label("Skin condition", exact=True).focus()
    keys.choose(page.get_by_label("Skin condition", exact=True), "acne")
    keys.press("Tab", "Tab")
    keys.choose(page.get_by_label("How sure"), "no-trials")
    keys.press("Tab", "Enter")
    expect(page).to_have_url(re.compile(r"/evidence/\?condition=acne&intervention=&certainty=no-trials$"))
    expect(page.get_by_label("How sure")).to_have_value("no-trials")
    expect(page.locator(".evidence-map__count")).to_contain_text(re.compile(r"of \d+ statements"))
    page.get_by_role("link", name="Show everything").press("Enter")
    expect(page).to_have_url(f"{reading_site}/evidence/")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_cell_leads_to_its_statements(reading_site, new_page, width):
    page = new_page(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page.goto(f"{reading_site}/evidence/")
    cell = page.locator('svg.map a[href="#cell-acne-probiotics"], .map-lists a[href="#cell-acne-probiotics"]')
    cell.and_(page.locator(":visible")).press("Enter")
    expect(page).to_have_url(f"{reading_site}/evidence/#cell-acne-probiotics")
    heading = page.locator("#cell-acne-probiotics")
    expect(heading).to_have_text("Probiotics")
    eventually(page, lambda: heading.bounding_box()["y"], lambda y: y < 200)


def test_every_cell_tells_its_content_to_those_who_hear_it(reading_site, page):
    page.goto(f"{reading_site}/evidence/")
    name = re.compile(r"^Probiotics, Acne and your gut: Helps, low certainty.*; \d+ papers$")
    expect(page.get_by_role("link", name=name)).to_be_visible()


def test_a_strip_on_a_condition_leads_to_the_statement(reading_site, new_page, no_axe_violations):
    page = new_page(viewport={"width": 320, "height": 800})
    page.goto(f"{reading_site}/conditions/acne/")
    page.locator("summary", has_text="How sure are we?").click()
    page.locator(".evidence-strip").get_by_role("link", name="Probiotics", exact=True).click()
    expect(page).to_have_url(re.compile("/#part-statement-probiotics-acne-severity$"))
    expect(page.locator("#part-statement-probiotics-acne-severity")).to_be_visible()
    no_axe_violations(page)


def test_a_name_of_one_long_word_does_not_widen_a_small_screen(reading_site, new_page):
    page = new_page(viewport={"width": 360, "height": 800})
    page.goto(f"{reading_site}/evidence/")
    page.evaluate(
        "for (const name of document.querySelectorAll('.map-list a, .article__text h2, .article__text h3')) "
        "name.textContent = 'Fermentationsprodukt'.repeat(6)"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
