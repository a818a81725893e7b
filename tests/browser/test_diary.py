"""The diary on paper: one sheet, with room for two weeks."""

from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

pytestmark = pytest.mark.browser


@pytest.fixture
def diary(reading_site, new_page):
    page = new_page(viewport={"width": 360, "height": 640}, java_script_enabled=False)
    page.goto(f"{reading_site}/diary/")
    return page


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints_on_one_sheet_without_a_script(diary, paper):
    (sheet,) = PdfReader(BytesIO(diary.pdf(format=paper))).pages

    assert sheet.mediabox.width > sheet.mediabox.height
    words = " ".join(sheet.extract_text().split())
    assert "What I ate and drank" in words and "14" in words
    assert "leave out foods for long" in words
    assert "What to write" not in words


def test_it_still_fits_where_the_browser_does_not_turn_the_sheet(diary):
    diary.emulate_media(media="print")
    # A4 upright without margins of 19 mm, in CSS pixels.
    diary.set_viewport_size({"width": 650, "height": 979})

    assert diary.evaluate("document.documentElement.scrollWidth") <= 650
    assert diary.locator(".diary").bounding_box()["height"] < 979
    expect(diary.get_by_role("heading", name="What to write")).to_be_hidden()


def test_a_reader_without_a_mouse_can_scroll_the_table_on_a_phone(diary):
    diary.get_by_role("link", name="the sheet below").focus()
    diary.keyboard.press("Tab")

    expect(diary.locator(".diary__days")).to_be_focused()
