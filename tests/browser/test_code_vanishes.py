"""The page with the receipt code, left open: after ten minutes the code is gone from the screen too."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from consultations.models import Inquiry
from tests.browser.patient import receipt_cookie
from tests.consultations.visits import code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_page_that_is_left_open_loses_the_code_and_keeps_the_reference(page, site):
    with time_machine.travel(timezone.now() - timedelta(minutes=11)):
        older = receipt_cookie(site)
    # As if it had come in just now: only the cookie above is eleven minutes old.
    Inquiry.objects.update(received_at=timezone.now())
    page.context.add_cookies([receipt_cookie(site)])
    inquiry = Inquiry.objects.get()
    page.clock.install()
    page.goto(f"{site}/consult/received/")
    expect(page.get_by_text(code_of(inquiry))).to_be_visible()
    page.context.add_cookies([older])
    page.clock.fast_forward("09:30")
    expect(page.get_by_text(code_of(inquiry))).to_be_visible()
    page.clock.fast_forward("00:32")

    expect(page.get_by_text("Your receipt code is not shown any more.")).to_be_visible()
    expect(page.get_by_text(code_of(inquiry))).to_have_count(0)
    expect(page.get_by_text(inquiry.reference)).to_be_visible()
    page.go_back()
    expect(page.get_by_text(code_of(inquiry))).to_have_count(0)


def test_where_no_new_page_comes_the_code_goes_all_the_same(page, site):
    page.context.add_cookies([receipt_cookie(site)])
    page.clock.install()
    page.goto(f"{site}/consult/received/")
    code = code_of(Inquiry.objects.get())
    expect(page.get_by_text(code)).to_be_visible()
    # The browser stays where it is.
    page.route("**/consult/received/", lambda route: route.fulfill(status=204))
    page.clock.fast_forward("10:02")

    expect(page.get_by_text(code)).to_have_count(0)
