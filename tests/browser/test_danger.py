"""Danger in words, on a phone, by keyboard alone and without a script: in a message, in the search box, in feedback."""

import pytest
from playwright.sync_api import expect

from consultations.models import Inquiry, Message
from tests.browser.keyboard import Keyboard
from tests.browser.patient import enter_code
from tests.browser.waiting import expect_no_sideways_scrolling, follow
from tests.consultations.factories import an_inquiry
from tests.consultations.visits import code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
DANGER = "Since last night my tongue is swollen."
ADVICE = "Please read this before you send your message"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_message_with_danger_in_it_by_phone(site, new_page, no_axe_violations, scheme):
    inquiry = an_inquiry()
    page = new_page(**PHONE, color_scheme=scheme)
    enter_code(page, site, code_of(inquiry))

    # When a patient writes of danger and sends it
    page.get_by_role("textbox", name="Your message").fill(DANGER)
    follow(page, page.get_by_role("button", name="Send my message"))

    # Then the advice comes first, with a number to press
    expect(page.get_by_role("heading", level=1, name=ADVICE)).to_be_focused()
    number = page.get_by_role("main").get_by_role("link", name="999", exact=True).first
    expect(number).to_have_attribute("href", "tel:999")
    assert number.bounding_box()["height"] >= 24
    expect_no_sideways_scrolling(page)
    no_axe_violations(page)
    page.get_by_text("Numbers in other countries").tap()
    expect(page.get_by_role("link", name="988")).to_be_visible()
    expect_no_sideways_scrolling(page)
    no_axe_violations(page)
    assert not Message.objects.exists()

    # When she goes back, changes it and sends it
    follow(page, page.get_by_role("button", name="Go back and change my message"))
    box = page.get_by_role("textbox", name="Your message")
    expect(box).to_have_value(DANGER)
    expect(box).to_be_in_viewport()
    box.fill(f"{DANGER} I took an antihistamine.")
    follow(page, page.get_by_role("button", name="Send my message"))

    # Then she is not interrupted again, and the request is urgent
    expect(page.get_by_text("Your message is with us.")).to_be_visible()
    assert Message.objects.get().text == f"{DANGER} I took an antihistamine."
    assert Inquiry.objects.get().urgency == "urgent"


def test_a_message_with_danger_in_it_by_keyboard_alone(site, page):
    inquiry = an_inquiry()
    keys = Keyboard(page)
    enter_code(page, site, code_of(inquiry))
    keys.go_to(page.get_by_role("textbox", name="Your message"))
    keys.type(DANGER)
    keys.go_to(page.get_by_role("button", name="Send my message"))
    keys.press("Enter")

    expect(page.get_by_role("heading", level=1, name=ADVICE)).to_be_focused()
    keys.go_to(page.get_by_role("button", name="I have read this – send my message"))
    keys.press("Enter")

    expect(page.get_by_text("Your message is with us.")).to_be_visible()
    assert Message.objects.get().text == DANGER


def test_a_message_with_danger_in_it_without_a_script(site, new_page):
    inquiry = an_inquiry()
    page = new_page(java_script_enabled=False)
    enter_code(page, site, code_of(inquiry))
    page.get_by_role("textbox", name="Your message").fill(DANGER)
    page.get_by_role("button", name="Send my message").click()

    expect(page.get_by_role("heading", level=1, name=ADVICE)).to_be_visible()
    page.get_by_role("button", name="I have read this – send my message").click()

    expect(page.get_by_text("Your message is with us.")).to_be_visible()
    assert Message.objects.get().text == DANGER


def test_a_message_comes_back_with_the_code_when_the_visit_ends_on_the_advice(site, page):
    page.clock.install()
    inquiry = an_inquiry()
    enter_code(page, site, code_of(inquiry))
    page.get_by_role("textbox", name="Your message").fill(DANGER)
    follow(page, page.get_by_role("button", name="Send my message"))
    expect(page.get_by_role("heading", level=1, name=ADVICE)).to_be_visible()
    page.clock.fast_forward("30:02")

    expect(page.get_by_text("Your visit is over")).to_be_visible()
    page.get_by_label("Your code").fill(code_of(inquiry))
    follow(page, page.get_by_role("button", name="Open my request"))
    expect(page.get_by_role("textbox", name="Your message")).to_have_value(DANGER)
    follow(page, page.get_by_role("button", name="Send my message"))
    expect(page.get_by_text("Your message is with us.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_i_want_to_die_in_the_search_box(reading_site, new_page, no_axe_violations, scheme):
    page = new_page(**PHONE, color_scheme=scheme)
    keys = Keyboard(page)
    page.goto(f"{reading_site}/search/")
    keys.go_to(page.get_by_role("combobox", name="Words to look for"))
    keys.type("I want to die")
    keys.press("Enter")

    page.wait_for_url("**/search/?q=I+want+to+die")
    advice = page.get_by_role("region", name="When to get help")
    expect(advice.get_by_role("heading", name="Call 999, or your local emergency number, now if")).to_be_visible()
    expect(advice.get_by_role("link", name="116 123").first).to_have_attribute("href", "tel:116123")
    # The results are still announced, below.
    outcome = page.get_by_role("status")
    expect(outcome).to_contain_text("I want to die")
    assert advice.bounding_box()["y"] < outcome.bounding_box()["y"]
    expect_no_sideways_scrolling(page)
    no_axe_violations(page)


def test_danger_in_feedback_is_answered_before_it_is_sent(site, new_page, no_axe_violations):
    page = new_page(**PHONE)
    page.goto(f"{site}/conditions/acne/")
    follow(page, page.get_by_role("button", name="No", exact=True))
    page.get_by_label("In your own words (optional)").fill("I want to die")
    follow(page, page.get_by_role("button", name="Send"))

    advice = page.get_by_role("region", name="Please read this before you send your answer")
    expect(advice).to_be_focused()
    expect(page.get_by_label("In your own words (optional)")).to_have_value("I want to die")
    expect_no_sideways_scrolling(page)
    no_axe_violations(page)
    follow(page, page.get_by_role("button", name="Send"))
    expect(page.get_by_role("heading", name="Thank you for your answer")).to_be_visible()
