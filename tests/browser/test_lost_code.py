"""The link by mail for a lost receipt code. What a browser sends along with its form, no test client sends."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.browser.waiting import follow
from tests.consultations.factories import an_inquiry
from tests.consultations.test_contact import link_in
from tests.consultations.test_lost_code import AMINA, ASK, sent_links

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_the_link_opens_the_request(site, new_page, mailoutbox, javascript):
    inquiry = an_inquiry(phone="020 7946 0018")
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
    expect(page.get_by_role("heading", name="Messages", exact=True)).to_have_count(0)
    page.get_by_label("The last four digits of your phone number").fill("0018")
    page.get_by_label("18 to 39").check()
    follow(page, page.get_by_role("button", name="Show my request"))
    expect(page.get_by_role("heading", name="Messages", exact=True)).to_be_visible()


def test_somebody_else_s_mailbox_says_so(site, new_page, mailoutbox, no_axe_violations):
    inquiry = an_inquiry()
    call_command("send_mail_queue")
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto(site + link_in(mailoutbox)[0])
    no_axe_violations(page)

    follow(page, page.get_by_role("button", name="No, this is not me"))

    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_contain_text("We will not write to you")
    inquiry.refresh_from_db()
    assert inquiry.email_refused_at
