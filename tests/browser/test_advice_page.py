"""The advice before a request with warning signs: four levels with their steps, on a phone, in light and dark."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.patient import fill_in
from tests.browser.waiting import expect_no_sideways_scrolling
from tests.consultations.factories import ANSWERS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_four_levels_of_advice_fit_a_phone(new_page, site, no_axe_violations, scheme):
    page = new_page(viewport=PHONE, color_scheme=scheme)
    page.goto(f"{site}/consult/")
    fill_in(
        page,
        name=ANSWERS["name"],
        address=ANSWERS["email"],
        skin="My lips are swollen. I lost weight without trying.",
        question="A contact lens hurts my eye. There is blood in my poo.",
    )
    page.get_by_role("button", name="Send my request").click()

    expect(page.get_by_role("heading", level=2)).to_have_text(
        [re.compile(r"Call 999"), re.compile(r"Go to an emergency department"), re.compile(r"Ask"), re.compile(r"See")]
    )
    expect(page.get_by_role("listitem").filter(has_text=re.compile("^Use an adrenaline pen now"))).to_be_visible()
    expect_no_sideways_scrolling(page)
    no_axe_violations(page)
