"""After the thanks a patient goes back in the browser, which loads the form once more, and sends it again."""

import re

import pytest
from playwright.sync_api import expect

from consultations.models import Inquiry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTIONS = ["Who are you asking for?", "How should we contact you?", "How old is the person", "How long has it been"]


def fill_in(page):
    for question in QUESTIONS:
        page.get_by_role("group", name=question).get_by_role("radio").first.check()
    page.get_by_label("Your name").fill("Zoë Nguyễn")
    page.get_by_label("Your e-mail address").fill("zoe@example.org")
    page.get_by_label("What is happening with the skin?").fill("Red, scaly patches on both elbows.")
    page.get_by_label("What would you like to ask us?").fill("Could my diet have anything to do with it?")
    page.get_by_role("checkbox", name=re.compile("agree", re.I)).check()


def send(page):
    page.locator("form .button", has_text="Send my request").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()


def test_the_same_answers_are_the_same_request_and_others_are_another(page, site):
    page.goto(f"{site}/consult/")
    fill_in(page)
    send(page)
    reference = Inquiry.objects.get().reference

    page.go_back()
    fill_in(page)
    send(page)
    assert Inquiry.objects.get().reference == reference
    expect(page.get_by_text(reference)).to_be_visible()

    page.go_back()
    fill_in(page)
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
        fill_in(page)
        send(page)

    assert Inquiry.objects.count() == 2
