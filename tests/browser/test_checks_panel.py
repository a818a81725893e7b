"""What an author is told while typing, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from education.models import Article
from tests.browser.test_editing import log_in
from tests.browser.waiting import eventually, expect_no_sideways_scrolling
from tests.education.admin_cast import change_url, make_author

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A key with what is still to be confirmed.
A_SOURCE = re.compile(r"^\w+\d{4}\w*:")
SAID = "“miracle” is not a word we use in text for patients."


def open_article(page, site, slug="acne"):
    make_author("ana")
    article = Article.objects.get(slug=slug)
    log_in(page, site, "ana")
    page.goto(site + change_url(article))
    return article, page.get_by_role("complementary", name="Checks")


def test_a_forbidden_word_is_named_when_the_author_asks(page, site, no_axe_violations):
    # Given an article whose checks are those of what was saved
    acne, checks = open_article(page, site)
    expect(checks.get_by_text("As last saved:")).to_be_visible()
    expect(checks.get_by_text(SAID)).to_have_count(0)

    # When the author types a word that promises too much, and asks
    page.get_by_role("textbox", name="Text").get_by_text("It is nobody's fault.").click()
    page.keyboard.press("End")
    page.keyboard.type(" A miracle.")
    checks.get_by_role("button", name="Check again").click()

    # Then it is named, beside the editor, and nothing is saved
    expect(checks.get_by_text(SAID)).to_be_visible()
    expect(checks.get_by_role("status")).to_have_text("Checked what is in the form now.")
    expect(checks.get_by_text("As in the form now:")).to_be_visible()
    text = page.get_by_role("textbox", name="Text")
    eventually(page, lambda: checks.bounding_box()["x"] - text.bounding_box()["x"], lambda distance: distance > 400)
    no_axe_violations(page)
    acne.refresh_from_db()
    assert "miracle" not in acne.body


def test_the_checks_follow_the_typing_and_keep_open_what_is_open(page, site):
    _, checks = open_article(page, site)
    places = checks.get_by_text("No one has confirmed these details of the sources yet.")
    places.click()
    expect(checks.get_by_text(A_SOURCE).first).to_be_visible()
    page.get_by_label("Summary").fill("A miracle.")
    expect(checks.get_by_text(SAID)).to_be_visible()
    expect(checks.get_by_text(A_SOURCE).first).to_be_visible()
    expect(checks.get_by_role("status")).to_have_text("")


def test_a_failure_is_said_in_words_and_takes_nothing_away(new_page, site):
    page = new_page(viewport={"width": 1280, "height": 800})
    _, checks = open_article(page, site)
    # The login ends before anything is typed, since the checks follow the typing by themselves.
    page.context.clear_cookies(name="session")
    page.get_by_label("Summary").fill("A miracle.")
    checks.get_by_role("button", name="Check again").click()
    expect(checks.get_by_role("status")).to_contain_text("The checks could not be run. Are you still logged in")
    expect(page.get_by_label("Summary")).to_have_value("A miracle.")
    expect(checks.get_by_text("As last saved:")).to_be_visible()


def test_on_a_phone_the_checks_stand_under_the_editor(new_page, site, no_axe_violations):
    page = new_page(viewport={"width": 360, "height": 800})
    _, checks = open_article(page, site)
    text = page.get_by_role("textbox", name="Text")

    def distance():
        box = text.bounding_box()
        return checks.bounding_box()["y"] - box["y"] - box["height"]

    eventually(page, distance, lambda distance: distance >= 0)
    expect_no_sideways_scrolling(page)
    no_axe_violations(page)


def test_without_a_script_the_saved_text_is_checked(new_page, site):
    page = new_page(java_script_enabled=False)
    _, checks = open_article(page, site)
    expect(checks.get_by_text("As last saved:")).to_be_visible()
    expect(checks.get_by_role("button", name="Check again")).to_have_count(0)
    page.get_by_label("Summary").fill("A miracle.")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(checks.get_by_text(SAID)).to_be_visible()
