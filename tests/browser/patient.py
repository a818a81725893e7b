"""What patients do in the browser in several tests."""

import re

from django.test import Client

from tests.browser.waiting import follow
from tests.consultations.factories import posted
from tests.consultations.visits import STATUS


def a_file(name, content):
    """For `set_input_files`."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def enter_code(page, site, code):
    page.goto(f"{site}{STATUS}")
    page.get_by_label("Your code").fill(code)
    follow(page, page.get_by_role("button", name="Open my request"))


def fill_in(page, *, name, address, skin, question, gut=""):
    """Answers every question of the request form that must be answered, and about the gut."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_label("What is happening with the skin?").fill(skin)
    page.get_by_label("Is there anything else about the gut?").fill(gut)
    page.get_by_label("What would you like to ask us?").fill(question)
    for group, answer in (
        ("Who are you asking for?", "Myself"),
        ("How should we contact you?", re.compile("e-mail|write", re.I)),
        ("How old is the person", re.compile("^18")),
        ("How long has it been there?", re.compile("months", re.I)),
    ):
        page.get_by_role("group", name=group).get_by_role("radio", name=answer).first.check()
    page.get_by_role("checkbox", name=re.compile("agree|consent", re.I)).check()


def receipt_cookie(site):
    """Sends the form and returns the cookie with the receipt code. Sending it again gives the same request and code."""
    cookie = Client().post("/consult/", posted()).cookies["receipt"]
    return {"name": cookie.key, "value": cookie.value, "url": site}
