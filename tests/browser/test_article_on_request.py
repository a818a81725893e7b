"""What an article fetches when a reader asks for it: definitions of words, the evidence, the way back."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PAGE = "/conditions/acne/"


def test_a_definition_opens_beside_its_word(reading_site, page, no_axe_violations):
    page.goto(reading_site + PAGE)
    word = page.locator("a.term").first
    word.click()
    definition = page.get_by_role("note")
    expect(definition).to_be_visible()
    expect(word).to_have_attribute("aria-expanded", "true")
    no_axe_violations(page)
    definition.get_by_role("button", name="Close").click()
    expect(definition).to_be_hidden()
    expect(page).to_have_url(reading_site + PAGE)

    word.focus()
    page.keyboard.press("Space")
    expect(definition).to_be_visible()
    page.keyboard.press("Escape")
    expect(definition).to_be_hidden()
    expect(word).to_be_focused()


def test_without_a_connection_the_article_stays(reading_site, new_page):
    page = new_page(may_complain=True)
    page.goto(reading_site + PAGE)
    page.context.set_offline(True)
    page.locator("a.term").first.click()
    expect(page.get_by_role("alert")).to_have_text("No connection. Try again later.")
    expect(page).to_have_url(reading_site + PAGE)

    page.context.set_offline(False)
    page.keyboard.press("Escape")
    page.locator("a.term").first.click()
    expect(page.get_by_role("note")).to_be_visible()


def test_the_evidence_is_where_it_was_asked_for(reading_site, page, no_axe_violations):
    page.goto(reading_site + PAGE)
    page.locator("summary", has_text="How sure are we?").click()
    statement = page.locator(".statements > li").first
    expect(statement).to_be_visible()
    expect(page.locator(".fold__link")).to_have_count(0)
    statement.locator("summary").click()
    expect(statement.locator("details p").first).to_contain_text(re.compile(r"\w+ \w+ \w+"))
    no_axe_violations(page)


def test_a_link_to_a_statement_or_a_source_opens_what_is_folded(reading_site, page):
    page.goto(f"{reading_site}{PAGE}more/")
    statement = page.locator("[id^=part-statement-]").last.get_attribute("id")

    page.goto(f"{reading_site}{PAGE}#{statement}")
    expect(page.locator(f"#{statement}")).to_be_in_viewport()

    page.goto(reading_site + PAGE)
    page.locator(".body a.citation").first.click()
    expect(page.locator(".references li").first).to_be_in_viewport()


def test_on_paper_nothing_is_folded(reading_site, page):
    page.goto(reading_site + PAGE)
    page.pdf()
    assert page.locator(".statements details").count() > 3
    expect(page.locator(".fold__link")).to_have_count(0)
    expect(page.get_by_text("The findings are not on this paper")).to_have_count(0)


def test_without_the_script_paper_says_where_the_evidence_is(reading_site, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(reading_site + PAGE)
    line = page.get_by_text("The findings are not on this paper")
    expect(line).to_be_hidden()

    page.emulate_media(media="print")
    expect(line).to_contain_text(re.compile(rf"They are at http://[\w.:]+{PAGE}more/"))
    expect(line).to_contain_text(re.compile(r"All of it, to print: http://[\w.:]+/conditions/acne\.whole\.pdf"))
    expect(line).to_be_visible()
    expect(page.locator(".fold__link")).to_be_hidden()

    page.goto(f"{reading_site}{PAGE}more/")
    reasons = page.locator(".statements details > p")
    assert reasons.count() > 3
    expect(reasons.first).to_be_visible()


def test_a_source_cited_twice_leads_back_to_both_places(reading_site, page):
    page.goto(reading_site + PAGE)
    page.locator("summary", has_text="References").click()
    ways = page.locator(".references li:has(a[href$='-2'])").first.get_by_role(
        "link", name=re.compile("^Back to place")
    )
    expect(ways).to_have_count(2)
    ways.nth(1).click()
    expect(page).to_have_url(re.compile(r"#cite-\d+-2$"))


def test_without_the_script_they_are_links(reading_site, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(reading_site + PAGE)
    page.locator("a.term").first.click()
    expect(page).to_have_url(re.compile(r"/conditions/acne/more/#[\w-]+$"))
    expect(page.locator(":target")).to_be_in_viewport()

    page.goto(reading_site + PAGE)
    page.locator("summary", has_text="How sure are we?").click()
    page.get_by_role("link", name="Read what was found").click()
    expect(page.locator(":target")).to_be_in_viewport()


def test_where_the_background_cannot_be_fetched_its_link_is_followed(reading_site, page):
    page.goto(reading_site + PAGE)
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('offline')) }")
    page.locator("a.term").first.click()
    expect(page).to_have_url(re.compile(r"/conditions/acne/more/#[\w-]+$"))
