"""Two tabs of one browser with two requests: what the first tab shows is what it acts on, or nothing is done."""

import pytest
from playwright.sync_api import expect

from consultations.models import Inquiry, Message
from tests.browser.patient import a_file, enter_code
from tests.browser.waiting import expect_no_sideways_scrolling, follow
from tests.consultations.factories import an_inquiry
from tests.consultations.upload_zoo import a_jpeg
from tests.consultations.visits import STATUS, code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "It itches at night <and> by day."
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def shown(site):
    return an_inquiry()


@pytest.fixture
def opened(site):
    return an_inquiry(address="192.0.2.9", email="joseph@example.org")


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def first_tab(request, new_page, site, shown):
    """A tab that shows the first request. In a second one, the page for a code has been left open."""
    page = new_page(java_script_enabled=request.param, viewport=PHONE, color_scheme="dark")
    return with_a_second_tab(page, site, shown)


def with_a_second_tab(page, site, inquiry):
    page.context.new_page().goto(f"{site}{STATUS}")
    enter_code(page, site, code_of(inquiry))
    expect(page.get_by_role("heading", level=1)).to_contain_text(inquiry.reference)
    return page


def open_in_the_second_tab(first_tab, inquiry):
    second = first_tab.context.pages[1]
    second.get_by_label("Your code").fill(code_of(inquiry))
    follow(second, second.get_by_role("button", name="Open my request"))
    expect(second.get_by_role("heading", level=1)).to_contain_text(inquiry.reference)
    return second


def expect_nothing_was_done(page, shown, opened):
    expect(page.get_by_role("heading", level=1)).to_have_text("Another request is open now")
    expect(page.get_by_role("alert").first).to_contain_text(shown.reference)
    expect(page.get_by_role("link", name=f"Go to {opened.reference}")).to_be_visible()
    expect_no_sideways_scrolling(page)
    assert sorted(Inquiry.objects.values_list("status", flat=True)) == ["new", "new"]


def test_a_message_finds_its_way_to_the_request_that_it_was_written_for(first_tab, site, shown, opened):
    first_tab.get_by_role("textbox", name="Your message").fill(WORDS)
    open_in_the_second_tab(first_tab, opened)
    follow(first_tab, first_tab.get_by_role("button", name="Send my message"))

    expect_nothing_was_done(first_tab, shown, opened)
    expect(first_tab.get_by_text(WORDS)).to_be_visible()
    assert not Message.objects.exists()

    # By keyboard: the code, then Enter.
    first_tab.get_by_label("Your code").fill(code_of(shown))
    with first_tab.expect_event("load"):
        first_tab.keyboard.press("Enter")
    expect(first_tab.get_by_role("heading", level=1)).to_contain_text(shown.reference)
    expect(first_tab.get_by_role("textbox", name="Your message")).to_have_value(WORDS)
    follow(first_tab, first_tab.get_by_role("button", name="Send my message"))
    expect(first_tab.get_by_text("Your message is with us.")).to_be_visible()
    assert (Message.objects.get().inquiry, Message.objects.get().text) == (shown, WORDS)


def test_a_photo_is_stored_in_neither(first_tab, site, shown, opened, request):
    open_in_the_second_tab(first_tab, opened)
    first_tab.get_by_label("Add photos of the skin").set_input_files([a_file("arm.jpg", a_jpeg((300, 200)))])
    if "no script" in request.node.name:
        follow(first_tab, first_tab.get_by_role("button", name="Add the chosen photos"))
        expect_nothing_was_done(first_tab, shown, opened)
        expect(first_tab.get_by_text("The photos that you chose were not stored.")).to_be_visible()
    else:
        expect(first_tab.get_by_text("Another request has been opened in this browser").last).to_be_visible()
    assert not shown.attachments.exists()
    assert not opened.attachments.exists()


def test_neither_is_stopped(first_tab, site, shown, opened):
    first_tab.get_by_text("I no longer need an answer").click()
    open_in_the_second_tab(first_tab, opened)
    follow(first_tab, first_tab.get_by_role("button", name="Stop my request"))

    expect_nothing_was_done(first_tab, shown, opened)


def test_neither_is_erased(first_tab, site, shown, opened):
    follow(first_tab, first_tab.get_by_role("link", name="Erase my request"))
    first_tab.get_by_label("Yes, erase everything.").check()
    second = open_in_the_second_tab(first_tab, opened)
    follow(first_tab, first_tab.get_by_role("button", name="Erase my request"))

    expect_nothing_was_done(first_tab, shown, opened)
    follow(first_tab, first_tab.get_by_role("link", name=f"Go to {opened.reference}"))
    expect(first_tab.get_by_role("heading", level=1)).to_contain_text(opened.reference)
    follow(second, second.get_by_role("link", name="Erase my request"))
    second.get_by_label("Yes, erase everything.").check()
    follow(second, second.get_by_role("button", name="Erase my request"))
    expect(second.get_by_role("heading", level=1)).to_have_text("Your request has been erased")
    assert Inquiry.objects.get() == shown


def test_the_page_about_it_is_accessible(page, site, shown, opened, no_axe_violations):
    with_a_second_tab(page, site, shown)
    page.get_by_role("textbox", name="Your message").fill(WORDS)
    open_in_the_second_tab(page, opened)
    follow(page, page.get_by_role("button", name="Send my message"))

    expect_nothing_was_done(page, shown, opened)
    no_axe_violations(page)
