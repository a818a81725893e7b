"""The search box and its suggestions as people meet them: by keyboard, by finger, by ear, and without a script."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import eventually, expect_no_sideways_scrolling

pytestmark = pytest.mark.browser

SHOWN = [pytest.param(scheme, width, id=f"{scheme}-{width}") for scheme in ("light", "dark") for width in (320, 1280)]


def type_into(page, reading_site, words):
    """Opens the search page, types, and waits for the list under the box."""
    page.goto(f"{reading_site}/search/")
    box = page.get_by_role("combobox", name="Words to look for")
    # At once: typed letter by letter on a slow machine, the list would be replaced while the test uses it.
    box.fill(words)
    expect(page.get_by_role("option").first).to_be_visible()
    return box


def expect_active(page, option):
    """What a screen reader announces as chosen, and all that looks chosen, is this option; None if there is none."""

    def active():
        announced = page.get_by_role("combobox").get_attribute("aria-activedescendant")
        shown = page.locator("[role=option][aria-selected=true]").all_inner_texts()
        return (page.locator(f"#{announced}").inner_text() if announced else None), shown

    expected = (option, [option] if option else [])
    eventually(page, active, lambda found: found == expected)


@pytest.mark.parametrize(("scheme", "width"), SHOWN)
def test_the_open_list_can_be_read_and_has_no_accessibility_violation(
    reading_site, new_page, no_axe_violations, scheme, width
):
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    box = type_into(page, reading_site, "ecz")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox", name="Pages and glossary words with this name")).to_be_visible()
    eventually(page, lambda: page.get_by_role("option").first.bounding_box()["height"], lambda height: height >= 24)
    expect_no_sideways_scrolling(page)
    no_axe_violations(page)


def test_arrows_walk_through_the_list_and_enter_opens_what_is_chosen(reading_site, page):
    box = type_into(page, reading_site, "pso")
    options = page.get_by_role("option").all_inner_texts()
    assert len(options) > 1
    expect_active(page, None)
    box.press("ArrowDown")
    expect_active(page, options[0])
    box.press("ArrowUp")
    expect_active(page, options[-1])
    box.press("ArrowDown")
    expect_active(page, options[0])
    expect(box).to_have_value("pso")
    box.press("Enter")
    page.wait_for_url("**/conditions/psoriasis/")


def test_enter_without_a_choice_searches_for_what_was_typed(reading_site, page):
    box = type_into(page, reading_site, "pso")
    box.press("Enter")
    page.wait_for_url("**/search/?q=pso")


def test_escape_closes_the_list_and_keeps_the_words(reading_site, page):
    box = type_into(page, reading_site, "ecz")
    box.press("ArrowDown")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect_active(page, None)
    expect(box).to_have_value("ecz")
    box.press("Enter")
    page.wait_for_url("**/search/?q=ecz")


def test_tab_leaves_the_box_for_the_button_and_closes_the_list(reading_site, page):
    box = type_into(page, reading_site, "ecz")
    box.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator(".search--page button")).to_be_focused()


def test_a_finger_opens_a_suggestion(reading_site, new_page):
    page = new_page(viewport={"width": 360, "height": 740}, has_touch=True)
    type_into(page, reading_site, "pso")
    page.get_by_role("option").first.tap()
    page.wait_for_url("**/conditions/psoriasis/")


def test_without_a_script_the_box_is_a_plain_one_that_searches(reading_site, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"{reading_site}/search/")
    expect(page.get_by_role("combobox")).to_have_count(0)
    box = page.get_by_role("searchbox", name="Words to look for")
    box.fill("ecz")
    box.press("Enter")
    page.wait_for_url("**/search/?q=ecz")
    suggested = page.get_by_role("navigation", name="Suggestions").get_by_role("link")
    suggested.first.click()
    expect(page).not_to_have_url(re.compile("/search/"))
