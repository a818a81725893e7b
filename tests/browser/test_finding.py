"""A worried person on a phone: from the front page to the answer in at most two taps and two screens."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import eventually, expect_no_sideways_scrolling, follow

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
# A question, the taps from the front page, and the words in which the answer begins or is announced.
QUESTIONS = [
    ("Do probiotics help my acne?", ["Acne"], "In short"),
    ("What can I do about eczema?", ["Eczema"], "What you can do"),
    ("What can I do about hives myself?", ["Hives"], "What you can do"),
    ("Are probiotics safe?", ["Probiotics and prebiotics for your skin"], "In short"),
    ("Can food trigger rosacea?", ["Rosacea"], "In short"),
    ("Is there a page about hidradenitis?", ["Hidradenitis suppurativa"], "In short"),
    ("Should I stop eating gluten?", ["Coeliac disease"], "In short"),
    ("Which treatments are there?", ["Menu", "Treatments"], "Treatments and habits"),
    ("How sure is all this?", ["Menu", "Evidence"], "The evidence"),
    ("Who answers my question?", ["Menu", "Ask"], "Ask our experts"),
]
# From the top of the page; a second screen is one flick away.
TWO_SCREENS = 2 * PHONE["height"]


def tap(page, words):
    if words == "Menu":
        page.locator("details.menu > summary").tap()
        return
    link = page.get_by_role("link", name=words, exact=True).and_(page.locator(":visible")).first
    top = link.evaluate("element => element.getBoundingClientRect().top + scrollY")
    assert top <= TWO_SCREENS, f"“{words}” is {top} px down."
    page.wait_for_load_state()
    with page.expect_event("load"):
        link.tap()


@pytest.mark.parametrize(("question", "taps", "answer"), QUESTIONS, ids=[question for question, *_ in QUESTIONS])
def test_the_answer_is_two_taps_and_two_screens_away(reading_site, new_page, question, taps, answer):
    page = new_page(viewport=PHONE, has_touch=True)
    page.goto(reading_site)
    assert len(taps) <= 2

    for words in taps:
        tap(page, words)

    heading = page.get_by_role("heading", name=re.compile(re.escape(answer))).first
    expect(heading).to_be_visible()
    top = heading.evaluate("element => element.getBoundingClientRect().top")
    assert top <= TWO_SCREENS, f"The answer is {top} px down."


def test_the_front_page_begins_with_what_it_is_a_search_and_the_conditions(reading_site, new_page):
    page = new_page(viewport=PHONE)
    page.goto(reading_site)

    places = [page.locator("h1"), page.get_by_role("searchbox").or_(page.get_by_role("combobox"))]
    places += page.locator("section.names li").all()
    bottoms = [place.evaluate("element => element.getBoundingClientRect().bottom") for place in places]
    assert bottoms == sorted(bottoms)
    assert bottoms[-1] <= 1.5 * PHONE["height"]
    order = page.locator("main h2").all_inner_texts()
    wanted = ["Conditions", "Treatments", "How it works", "How sure are we?", "Skin and gut trouble together?"]
    assert order == wanted


@pytest.mark.parametrize("width", [320, 360, 800, 1280])
def test_each_page_has_one_search_box_in_sight(reading_site, new_page, width):
    page = new_page(viewport={"width": width, "height": 740}, may_complain=True)
    for address in (
        "/",
        "/conditions/",
        "/conditions/acne/",
        "/search/?q=acne",
        "/consult/",
        "/glossary/",
        "/no-such/",
    ):
        page.goto(reading_site + address)
        boxes = page.locator("input[type=search]:visible")
        expect(boxes).to_have_count(1)
        top = boxes.first.evaluate("element => element.getBoundingClientRect().top + scrollY")
        assert top < 740, address
        expect_no_sideways_scrolling(page)


@pytest.mark.parametrize("address", ["/", "/conditions/acne/", "/consult/", "/glossary/"])
def test_suggestions_come_on_every_page(reading_site, new_page, no_axe_violations, address):
    page = new_page(viewport=PHONE)
    page.goto(reading_site + address)
    page.locator("#search-site").click()
    box = page.get_by_role("combobox", name="Search this site")
    box.fill("pso")
    expect(page.get_by_role("option").first).to_be_visible()
    expect_no_sideways_scrolling(page)
    no_axe_violations(page)
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/conditions/psoriasis/")


def test_the_contents_mark_the_section_that_is_read(reading_site, page):
    page.goto(f"{reading_site}/conditions/acne/")
    marked = page.locator(".contents [aria-current]")
    expect(marked).to_have_count(0)
    for name in ("What you can do", "Questions to take to your clinician"):
        page.locator(".contents").get_by_role("link", name=name).click()
        expect(marked).to_have_text([name])


def test_back_to_top_leads_there(reading_site, new_page):
    page = new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(f"{reading_site}/conditions/acne/")
    page.get_by_role("link", name="Back to top").click()
    expect(page.locator("h1")).to_be_in_viewport()


# Stand-ins for what the headless browser does not have: voices, and a sheet for sharing.
DEVICE = """
window.spoken = [];
window.shared = [];
const voice = (lang, localService) => ({ lang, localService, name: lang });
Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => [voice("en-US", false), voice("de-DE", true), voice("en_GB", true)],
    addEventListener() {},
    cancel: () => window.spoken.push("cancelled"),
    speak: (utterance) => window.spoken.push(`${utterance.lang}: ${utterance.text}`),
} });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
navigator.share = (data) => { window.shared.push(data); return Promise.resolve(); };
"""


def test_an_article_is_read_aloud_by_a_voice_of_the_device_when_asked(reading_site, page):
    page.add_init_script(DEVICE)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{reading_site}/conditions/acne/", wait_until="networkidle")
    assert not [url for url in asked if "listen" in url]

    page.get_by_role("button", name="Listen").click()

    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    spoken = eventually(page, lambda: page.evaluate("spoken"), lambda said: len(said) > 10)
    assert spoken[:2] == ["cancelled", "en_GB: Acne and your gut"]
    assert "en_GB: When to get help" in spoken
    # Neither numbers of sources, nor what is folded, nor the feedback form.
    assert not [text for text in spoken if re.search(r"\[\d+\]|On this page|Was this page helpful|sources", text)]

    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Listen")).to_be_visible()
    assert page.evaluate("spoken.at(-1)") == "cancelled"


def test_an_article_is_shared_by_the_sheet_of_the_system(reading_site, page):
    page.add_init_script(DEVICE)
    page.goto(f"{reading_site}/conditions/acne/#part-actions")

    page.get_by_role("button", name="Share").click()

    (shared,) = page.evaluate("shared")
    assert shared["title"] == "Acne and your gut"
    assert shared["url"].endswith("/conditions/acne/")


def test_without_voices_or_a_sheet_there_are_no_buttons(reading_site, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"{reading_site}/conditions/acne/")
    expect(page.get_by_text("minutes to read")).to_be_visible()
    expect(page.get_by_role("button", name="Listen")).to_have_count(0)
    expect(page.get_by_role("button", name="Share")).to_have_count(0)


def test_without_a_script_an_unfinished_word_has_suggestions(reading_site, new_page):
    page = new_page(java_script_enabled=False, viewport=PHONE)
    page.goto(f"{reading_site}/conditions/acne/")
    box = page.get_by_role("searchbox", name="Search this site")
    box.fill("psor")
    box.press("Enter")
    page.wait_for_url("**/search/?q=psor")
    suggested = page.get_by_role("navigation", name="Suggestions").get_by_role("link", name="Psoriasis and your gut")
    follow(page, suggested)
    expect(page.get_by_role("heading", level=1)).to_have_text("Psoriasis and your gut")
