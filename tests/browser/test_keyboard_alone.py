"""A patient without a mouse: asks, keeps the code, comes back and writes, and sees at every stop where she is."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from consultations.models import Inquiry, Message
from tests.browser.keyboard import Keyboard
from tests.browser.patient import receipt_cookie
from tests.consultations.factories import an_inquiry
from tests.consultations.visits import STATUS, code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MESSAGE = "The left elbow weeps since Tuesday."
TABBABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(e => e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}) && e.type !== "hidden")
    // Of a group of which nothing is chosen, the first is the stop from one side and the last from the other.
    .filter(e => e.type !== "radio" || e === e.form.elements[e.name][0])
    .length"""


def begins_at_the_top(page, keys):
    """Nothing has the focus; the first Tab offers to skip what is the same on every page, and Enter does so."""
    page.wait_for_load_state()
    expect(page.locator(":focus")).to_have_count(0)
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    keys.focus()
    keys.press("Enter")
    # From there the next Tab goes on.
    expect(page.locator("main:target")).to_have_count(1)
    keys.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)
    keys.focus()


def choose(page, keys, question, *downs):
    keys.go_to(page.get_by_role("group", name=question).get_by_role("radio").first)
    keys.press(*(downs or ["Space"]))
    keys.focus()


def test_a_patient_asks_comes_back_and_writes_with_keys_alone(page, site):
    keys = Keyboard(page)

    # Given a patient who is too quick: Enter in a line sends the form
    page.goto(f"{site}/consult/")
    begins_at_the_top(page, keys)
    keys.go_to(page.get_by_label("What is it about?"))
    keys.choose(page.get_by_label("What is it about?"), "psoriasis")
    choose(page, keys, "Who are you asking for?")
    keys.go_to(page.get_by_label("Your name"))
    keys.type("Zoë Nguyễn")
    keys.press("Enter")

    # Then the focus is on what is missing, and leads to it
    expect(page.get_by_role("alert")).to_be_focused()
    assert not keys.focus()["is_nowhere"]
    keys.press("Tab")
    expect(page.get_by_role("link", name=re.compile("Choose an age group"))).to_be_focused()
    keys.press("Tab")
    expect(page.get_by_role("link", name=re.compile("Enter your e-mail address"))).to_be_focused()
    keys.press("Shift+Tab", "Enter")
    expect(page.get_by_role("group", name="How old is the person").get_by_role("radio").first).to_be_focused()
    keys.press("ArrowDown", "ArrowDown")
    keys.focus()

    # When she fills in the rest, with a slip in the address that she mends, and a warning sign
    keys.go_to(page.get_by_label("Your e-mail address"))
    keys.type("zoe@gamil.com")
    choose(page, keys, "May we phone you?", "ArrowDown")
    choose(page, keys, "How should we contact you?")
    keys.go_to(page.get_by_label("What is happening with the skin?"))
    keys.type("Red, scaly patches on both elbows.")
    choose(page, keys, "How long has it been there?")
    keys.go_to(page.get_by_role("checkbox", name="Bloating or wind"))
    keys.press("Space")
    keys.go_to(page.get_by_label("Is there anything else about the gut?"))
    keys.type("There is blood in my poo.")
    keys.go_to(page.get_by_label("What would you like to ask us?"))
    keys.type("Do they belong together?")
    keys.go_to(page.get_by_role("checkbox", name=re.compile("agree|consent", re.I)))
    keys.press("Space")
    keys.go_to(page.locator("form .button", has_text="Send my request"))
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    keys.press("Tab")
    expect(page.get_by_role("link", name=re.compile("Did you mean zoe@gmail.com"))).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("radio", name="Yes, keep zoe@gamil.com")).to_be_focused()
    keys.press("ArrowDown")
    expect(page.get_by_role("radio", name="No, I meant zoe@gmail.com")).to_be_checked()
    keys.focus()
    keys.go_to(page.locator("form .button", has_text="Send my request"))
    keys.press("Enter")

    # Then the advice is where she is, and behind it the button
    advice = page.get_by_role("heading", name="Please read this before you send your request")
    expect(advice).to_be_focused()
    assert not keys.focus()["is_nowhere"]
    keys.go_to(page.get_by_role("button", name="I have read this – send my request"))
    keys.press("Space")
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    inquiry = Inquiry.objects.get()
    assert (inquiry.condition.slug, inquiry.age_group, inquiry.urgency) == ("psoriasis", "18-39", "urgent")
    assert (inquiry.gut_symptoms, inquiry.preferred_contact) == ("bloating", "email")
    assert (inquiry.email, inquiry.may_phone) == ("zoe@gmail.com", "no-message")

    # She reads her code and follows the address beside it
    begins_at_the_top(page, keys)
    code = page.locator("#receipt-code").inner_text().strip()
    assert code
    keys.go_to(page.get_by_role("link", name=STATUS))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="See the status of your request")).to_be_visible()
    begins_at_the_top(page, keys)
    # The first thing there is to do.
    expect(page.get_by_label("Your code")).to_be_focused()
    keys.type(code)
    keys.press("Enter")

    # and writes
    expect(page.get_by_role("heading", level=1)).to_contain_text(inquiry.reference)
    begins_at_the_top(page, keys)
    expect(page.get_by_role("button", name="Leave this page quickly")).to_be_focused()
    keys.go_to(page.get_by_role("textbox", name="Your message"))
    keys.type(MESSAGE)
    keys.go_to(page.get_by_role("button", name="Send my message"))
    keys.press("Enter")

    # Then she is where it says that it arrived, and can go on from there
    expect(page.get_by_role("status").filter(has_text="Your message is with us.")).to_be_focused()
    assert not keys.focus()["is_nowhere"]
    assert Message.objects.get().text == MESSAGE
    # The emergency numbers come first.
    keys.press("Tab")
    expect(page.locator("#conversation a[href^='tel:']").first).to_be_focused()
    keys.go_to(page.get_by_role("textbox", name="Your message"))


@pytest.mark.parametrize("size", [(1280, 800), (320, 568)], ids=["laptop", "phone"])
def test_tab_leads_through_every_page_both_ways_and_the_focus_is_always_seen(new_page, site, size):
    page = new_page(viewport={"width": size[0], "height": size[1]})
    keys = Keyboard(page)
    page.context.add_cookies([receipt_cookie(site)])
    visitor = Client()
    visitor.post(STATUS, {"code": code_of(an_inquiry())})
    page_of_a_visit = [{"name": each.key, "value": each.value, "url": site} for each in visitor.cookies.values()]

    def is_walked(address):
        page.goto(site + address)
        for key in ("Tab", "Shift+Tab"):
            stops = keys.walk(key)
            assert len(stops) == page.evaluate(TABBABLE), stops

    for address in ("/consult/", "/consult/received/", "/consult/code/", STATUS):
        is_walked(address)
    page.context.add_cookies(page_of_a_visit)
    is_walked(STATUS)
    expect(page.get_by_role("button", name="Leave this page quickly")).to_be_visible()
    is_walked("/consult/status/erase/")
