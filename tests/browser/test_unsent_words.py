"""What was typed and not sent is there again in the same tab, and in no other one (docs/decisions/0037)."""

import pytest
from playwright.sync_api import expect

from consultations.models import Inquiry
from tests.browser.patient import a_file, enter_code, fill_in
from tests.browser.test_sent_again import ANSWERS, send
from tests.browser.waiting import follow
from tests.consultations.factories import an_inquiry
from tests.consultations.upload_zoo import a_jpeg
from tests.consultations.visits import STATUS, code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTION = "What would you like to ask us?"
WORDS = ANSWERS["question"]
NIGHT = "It itches at night"


def message_in(page):
    return page.get_by_role("textbox", name="Your message")


def test_the_form_comes_back_after_a_reload_and_after_back_and_forward(page, site):
    page.goto(f"{site}/consult/")
    fill_in(page, **ANSWERS)
    page.get_by_label("PIN", exact=False).first.fill("4711")
    page.reload()
    expect(page.get_by_label(QUESTION)).to_have_value(WORDS)
    expect(page.get_by_role("group", name="How old is the person").get_by_label("18 to 39")).to_be_checked()
    # A PIN and the consent are given again.
    expect(page.get_by_label("PIN", exact=False).first).to_have_value("")
    expect(page.get_by_role("checkbox", name="agree", exact=False).first).not_to_be_checked()

    page.goto(f"{site}/about/")
    page.go_back()
    expect(page.get_by_label(QUESTION)).to_have_value(WORDS)
    page.go_back()
    page.go_forward()
    expect(page.get_by_label(QUESTION)).to_have_value(WORDS)


def test_a_new_tab_shows_nothing_and_neither_does_this_one_after_sending(page, site):
    page.goto(f"{site}/consult/")
    fill_in(page, **ANSWERS)
    other = page.context.new_page()
    other.goto(f"{site}/consult/")
    expect(other.get_by_label(QUESTION)).to_have_value("")

    send(page)
    assert Inquiry.objects.count() == 1
    assert page.evaluate("sessionStorage.length") == 0
    page.goto(f"{site}/consult/")
    expect(page.get_by_label(QUESTION)).to_have_value("")


def test_a_half_written_message_comes_back_in_this_tab_and_for_this_request(page, site):
    first, second = an_inquiry(), an_inquiry(address="192.0.2.9")
    enter_code(page, site, code_of(first))
    message_in(page).fill(NIGHT)
    page.reload()
    expect(message_in(page)).to_have_value(NIGHT)

    other = page.context.new_page()
    other.goto(f"{site}{STATUS}")
    expect(message_in(other)).to_have_value("")

    # The visit is over, and the tab is still open.
    page.context.clear_cookies()
    enter_code(page, site, code_of(second))
    expect(message_in(page)).to_have_value("")
    page.context.clear_cookies()
    enter_code(page, site, code_of(first))
    expect(message_in(page)).to_have_value(NIGHT)
    follow(page, page.get_by_role("button", name="Send my message"))
    expect(page.get_by_text("Your message is with us.")).to_be_visible()
    expect(message_in(page)).to_have_value("")
    assert page.evaluate("sessionStorage.length") == 0
    # The next one is not forgotten by the page that thanks for the first one.
    message_in(page).fill("And by day too")
    page.reload()
    expect(message_in(page)).to_have_value("And by day too")


def test_the_next_person_in_this_tab_can_empty_the_form_which_is_another_request_then(page, site):
    page.goto(f"{site}/consult/")
    key = page.locator("input[name=key]").first.input_value()
    expect(page.get_by_role("button", name="Empty the form")).to_be_hidden()
    fill_in(page, **ANSWERS)
    page.reload()
    page.get_by_role("button", name="Empty the form").click()

    expect(page.get_by_role("button", name="Empty the form")).to_be_hidden()
    expect(page.get_by_label(QUESTION)).to_have_value("")
    expect(page.locator("input[name=key]").first).not_to_have_value(key)
    assert page.evaluate("sessionStorage.length") == 0


def test_leaving_quickly_forgets_the_words(page, site):
    enter_code(page, site, code_of(an_inquiry()))
    message_in(page).fill(NIGHT)
    page.get_by_role("button", name="Leave this page quickly").click()
    expect(page).to_have_url(f"{site}/")

    assert page.evaluate("sessionStorage.length") == 0


def test_without_a_script_photos_and_message_keep_each_other(new_page, site):
    page, inquiry = new_page(java_script_enabled=False), an_inquiry()
    enter_code(page, site, code_of(inquiry))
    message_in(page).fill(NIGHT)
    page.get_by_label("Add photos of the skin").set_input_files(a_file("arm.jpg", a_jpeg()))
    follow(page, page.get_by_role("button", name="Add the chosen photos"))
    expect(page.get_by_alt_text("Photo 1")).to_be_visible()
    expect(message_in(page)).to_have_value(NIGHT)

    follow(page, page.get_by_role("button", name="Remove photo 1"))
    expect(message_in(page)).to_have_value(NIGHT)
    page.get_by_label("Add photos of the skin").set_input_files(a_file("arm.jpg", a_jpeg()))
    follow(page, page.get_by_role("button", name="Send my message"))
    expect(page.get_by_text("Your message is with us.")).to_be_visible()
    expect(page.get_by_alt_text("Photo 1")).to_be_visible()
