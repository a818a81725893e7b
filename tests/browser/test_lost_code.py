"""The link by mail for a lost receipt code. What a browser sends along with its form, no test client sends."""

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import follow
from tests.consultations.factories import an_inquiry
from tests.consultations.test_lost_code import AMINA, ASK, sent_links

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_the_link_opens_the_request(site, new_page, mailoutbox, javascript):
    inquiry = an_inquiry()
    page = new_page(viewport={"width": 360, "height": 740}, java_script_enabled=javascript)
    page.goto(site + ASK)
    page.get_by_label("E-mail address").fill(AMINA)
    follow(page, page.get_by_role("button", name="Send me a link"))
    (link,) = sent_links(mailoutbox)

    page.goto(site + link)
    secrets = []
    page.on("request", lambda request: secrets.append(request.header_value("referer")))
    follow(page, page.get_by_role("button", name="Open my request"))

    expect(page.get_by_role("heading", level=1)).to_contain_text(inquiry.reference)
    assert not [referrer for referrer in secrets if referrer and "key=" in referrer]
