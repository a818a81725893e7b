"""The map of the evidence as people meet it: on a wide screen, on a small phone, in the dark, by keyboard."""

import pytest

pytestmark = pytest.mark.browser

SHOWN = [pytest.param(scheme, width, id=f"{scheme}-{width}") for scheme in ("light", "dark") for width in (320, 1280)]


@pytest.mark.parametrize(("scheme", "width"), SHOWN)
def test_the_map_can_be_read_and_has_no_accessibility_violation(
    reading_site, new_page, no_axe_violations, scheme, width
):
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(f"{reading_site}/evidence/")
    drawing, lists = page.locator("svg.map"), page.locator(".map-lists")
    assert (drawing.is_visible(), lists.is_visible()) == ((True, False) if width == 1280 else (False, True))
    page.get_by_text("The same as a table").click()
    assert page.get_by_role("table").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
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
    assert page.locator(".map__cell").count() == 32
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
    page.get_by_label("Skin condition", exact=True).focus()
    page.keyboard.type("Acne")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("We found no t")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence/?condition=acne&intervention=&certainty=no-trials")
    assert page.get_by_label("How sure").input_value() == "no-trials"
    assert "of 51 statements" in page.locator(".evidence-map__count").inner_text()
    page.get_by_role("link", name="Show everything").press("Enter")
    page.wait_for_url("**/evidence/")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_cell_leads_to_its_statements(reading_site, new_page, width):
    page = new_page(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page.goto(f"{reading_site}/evidence/")
    cell = page.locator('svg.map a[href="#cell-acne-probiotics"], .map-lists a[href="#cell-acne-probiotics"]')
    cell.and_(page.locator(":visible")).press("Enter")
    page.wait_for_url("**/evidence/#cell-acne-probiotics")
    heading = page.locator("#cell-acne-probiotics")
    assert heading.inner_text() == "Probiotics"
    assert heading.bounding_box()["y"] < 200


def test_every_cell_tells_its_content_to_those_who_hear_it(reading_site, page):
    page.goto(f"{reading_site}/evidence/")
    name = "Probiotics, Acne and your gut: Helps, low certainty; 1 paper"
    assert page.get_by_role("link", name=name, exact=True).is_visible()


def test_a_strip_on_a_condition_leads_to_the_statement(reading_site, new_page, no_axe_violations):
    page = new_page(viewport={"width": 320, "height": 800})
    page.goto(f"{reading_site}/conditions/acne/")
    page.locator(".evidence-strip").get_by_role("link", name="Probiotics", exact=True).click()
    page.wait_for_url("**/#part-statement-probiotics-acne-severity")
    assert page.locator("#part-statement-probiotics-acne-severity").is_visible()
    no_axe_violations(page)
