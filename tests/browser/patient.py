"""What patients do in the browser in several tests."""

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


def receipt_cookie(site):
    """Sends the form and returns the cookie with the receipt code. Sending it again gives the same request and code."""
    cookie = Client().post("/consult/", posted()).cookies["receipt"]
    return {"name": cookie.key, "value": cookie.value, "url": site}
