"""The status page in a real browser: its way out, its end, and the whole of it without a script."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consultations.models import Inquiry, Message, StatusPass
from tests.browser.patient import enter_code
from tests.browser.waiting import eventually, expect_no_sideways_scrolling, follow
from tests.consultations.factories import ANSWERS, an_inquiry
from tests.consultations.visits import code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 320, "height": 640}


@pytest.fixture
def inquiry(site):
    return an_inquiry()


def came_in(page, site, inquiry):
    """By way of the front page, so that there is something to go back to."""
    page.goto(f"{site}/about/")
    enter_code(page, site, code_of(inquiry).lower())
    expect(page.get_by_role("heading", level=1)).to_contain_text(inquiry.reference)
    return page


def opened_visits():
    return StatusPass.objects.valid().filter(purpose="visit").count()


@pytest.mark.parametrize("way", ["button", "keys"])
def test_leaving_quickly_ends_the_visit_and_going_back_shows_nothing(page, site, inquiry, way):
    page.clock.install()
    came_in(page, site, inquiry)
    if way == "button":
        page.get_by_role("button", name="Leave this page quickly").click()
    else:
        # On a slow machine too, the second press comes soon enough: the clock of the page does not move between them.
        page.clock.pause_at(datetime.now() + timedelta(seconds=1))
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    expect(page).to_have_url(f"{site}/")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Your request")
    # The page that was left tells the server, which may hear of it after the next page is there.
    eventually(page, opened_visits, lambda count: count == 0)

    page.go_back()
    expect(page.get_by_label("Your code")).to_be_visible()
    expect(page.get_by_text(inquiry.reference)).to_have_count(0)


def test_one_esc_leaves_nothing(page, site, inquiry):
    came_in(page, site, inquiry)
    page.keyboard.press("Escape")

    expect(page.get_by_role("heading", level=1)).to_contain_text(inquiry.reference)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert opened_visits() == 1


def test_the_page_warns_goes_and_keeps_what_was_typed(page, site, inquiry):
    page.clock.install()
    came_in(page, site, inquiry)
    page.get_by_role("textbox", name="Your message").fill("It itches at night")
    expect(page.get_by_text("closes in less than five minutes")).to_be_hidden()
    page.clock.fast_forward("25:30")
    expect(page.get_by_text("closes in less than five minutes")).to_be_visible()
    page.clock.fast_forward("05:00")

    expect(page.get_by_text("Your visit is over")).to_be_visible()
    expect(page.get_by_text(ANSWERS["question"])).to_have_count(0)
    expect(page.get_by_text("It itches at night")).to_have_count(0)
    assert not Message.objects.exists()
    page.get_by_label("Your code").fill(code_of(inquiry))
    page.get_by_role("button", name="Open my request").click()
    expect(page.get_by_role("textbox", name="Your message")).to_have_value("It itches at night")
    expect(page.get_by_role("status").filter(has_text="not been sent yet")).to_be_focused()


def test_the_page_goes_by_itself_when_nothing_was_typed(page, site, inquiry):
    page.clock.install()
    came_in(page, site, inquiry)
    StatusPass.objects.update(ends_at=timezone.now())
    page.clock.fast_forward("30:02")

    expect(page.get_by_text("Your visit is over")).to_be_visible()


def test_the_page_for_erasing_goes_by_itself_too(page, site, inquiry):
    page.clock.install()
    came_in(page, site, inquiry)
    follow(page, page.get_by_role("link", name="Erase my request"))
    expect(page.get_by_text("for good")).to_be_visible()
    StatusPass.objects.update(ends_at=timezone.now())
    page.clock.fast_forward("25:30")
    expect(page.get_by_text("closes in less than five minutes")).to_be_visible()
    page.clock.fast_forward("05:00")

    expect(page.get_by_text("Your visit is over")).to_be_visible()
    assert Inquiry.objects.exists()


def test_a_message_that_was_handed_back_goes_by_itself_and_comes_back_with_the_code(new_page, site, inquiry):
    # The browser complains of the 403.
    page = new_page(may_complain=True, viewport=PHONE)
    page.clock.install()
    came_in(page, site, inquiry)
    page.get_by_role("textbox", name="Your message").fill("It itches at night")
    # As if the page had stood open for too long.
    page.route("**/consult/status/message/", with_an_old_token, times=1)
    follow(page, page.get_by_role("button", name="Send my message"))
    expect(page.get_by_role("heading", level=1, name="Your message has not been sent yet")).to_be_visible()
    expect_no_sideways_scrolling(page)
    page.clock.fast_forward("30:02")

    expect(page.get_by_text("Your visit is over")).to_be_visible()
    expect(page.get_by_text("It itches at night")).to_have_count(0)
    page.get_by_label("Your code").fill(code_of(inquiry))
    page.get_by_role("button", name="Open my request").click()
    expect(page.get_by_role("textbox", name="Your message")).to_have_value("It itches at night")
    assert not Message.objects.exists()


def with_an_old_token(route):
    # The form is sent as multipart/form-data, since photos can go with it.
    body = re.sub(r'(name="csrfmiddlewaretoken"\s+)\w+', r"\1" + "x" * 64, route.request.post_data)
    route.continue_(post_data=body)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_whole_way_on_a_small_phone(new_page, site, inquiry, no_axe_violations, javascript):
    page = new_page(viewport=PHONE, java_script_enabled=javascript)

    def is_good():
        expect_no_sideways_scrolling(page)
        if javascript:
            no_axe_violations(page)

    # Given a patient who mistypes her code once
    enter_code(page, site, "wrong")
    expect(page.get_by_role("alert")).to_be_focused()
    is_good()
    came_in(page, site, inquiry)
    is_good()

    # When she writes, nothing first
    page.get_by_role("button", name="Send my message").click()
    expect(page.get_by_role("link", name="Write your message first")).to_be_visible()
    page.get_by_role("textbox", name="Your message").fill("It is better now.")
    page.get_by_role("button", name="Send my message").click()
    expect(page.get_by_role("status").filter(has_text="Your message is with us")).to_be_visible()
    is_good()

    # and takes her data along
    with page.expect_download() as download:
        page.get_by_role("button", name="Download everything (ZIP)").click()
    assert download.value.suggested_filename == "my-request.zip"

    # stops the request
    page.get_by_text("I no longer need an answer").click()
    page.get_by_role("button", name="Stop my request").click()
    expect(page.get_by_role("heading", name="This request was stopped")).to_be_visible()
    is_good()

    # and erases it
    page.get_by_role("link", name="Erase my request").click()
    page.get_by_role("button", name="Erase my request").click()
    expect(page.get_by_text("Nothing was erased")).to_be_visible()
    is_good()
    page.get_by_label(re.compile("erase everything")).check()
    page.get_by_role("button", name="Erase my request").click()
    expect(page.get_by_role("heading", name="Your request has been erased")).to_be_visible()
    is_good()
    assert not Inquiry.objects.exists()
