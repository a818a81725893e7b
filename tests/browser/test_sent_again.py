"""After the thanks a patient goes back in the browser, which loads the form once more, and sends it again."""

import pytest
from playwright.sync_api import expect

from consultations.models import Inquiry
from tests.browser.patient import fill_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANSWERS = {
    "name": "Zoë Nguyễn",
    "address": "zoe@example.org",
    "skin": "Red, scaly patches on both elbows.",
    "question": "Could my diet have anything to do with it?",
}


def send(page):
    page.locator("form .button", has_text="Send my request").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()


def test_the_same_answers_are_the_same_request_and_others_are_another(page, site):
    page.goto(f"{site}/consult/")
    fill_in(page, **ANSWERS)
    send(page)
    reference = Inquiry.objects.get().reference

    page.go_back()
    fill_in(page, **ANSWERS)
    send(page)
    assert Inquiry.objects.get().reference == reference
    expect(page.get_by_text(reference)).to_be_visible()

    page.go_back()
    fill_in(page, **ANSWERS)
    page.get_by_label("What would you like to ask us?").fill("And is it catching?")
    page.locator("form .button", has_text="Send my request").click()
    expect(page.get_by_role("heading", level=1, name="Is this a new request?")).to_be_visible()
    expect(page.get_by_text(reference)).to_be_visible()
    assert Inquiry.objects.count() == 1
    page.get_by_role("button", name="Send it as a new request").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    assert Inquiry.objects.count() == 2


def test_a_form_that_is_opened_again_is_a_request_of_its_own(page, site):
    for _time in range(2):
        page.goto(f"{site}/consult/")
        fill_in(page, **ANSWERS)
        send(page)

    assert Inquiry.objects.count() == 2
