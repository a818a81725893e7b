"""From a question to an answer, in a real browser."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect

from consultations.models import Inquiry
from tests.browser.waiting import follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 800}


def test_a_patient_finds_an_article_reads_asks_and_is_received(site, new_page, no_axe_violations):
    # Given a patient with itchy skin and a phone
    page = new_page(viewport=PHONE)
    page.goto(site)
    no_axe_violations(page)

    # When she searches in her own words and misspells one
    box = page.locator("#search-site")
    box.fill("itchy exzema")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Search")).to_be_visible()
    no_axe_violations(page)
    page.goto(f"{site}/search/?q=eczema")
    follow(page, page.get_by_role("main").get_by_role("link", name=re.compile("eczema", re.I)).first)
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("eczema", re.I))

    # she can follow a number to its source and come back
    page.goto(f"{site}/conditions/atopic-dermatitis/")
    expect(page.get_by_text("Awaiting clinical review").first).to_be_visible()
    page.locator("a.citation").first.click()
    expect(page).to_have_url(re.compile(r"#ref-\d+$"))
    expect(page.locator(":target")).to_be_in_viewport()
    page.locator(":target a[href^='#cite-']").first.click()
    expect(page).to_have_url(re.compile(r"#cite-\d+-\d+$"))
    no_axe_violations(page)

    # and asks about what she read; the topic comes along
    page.get_by_role("link", name="Ask our experts about this").first.click()
    expect(page.get_by_label("What is it about?")).to_have_value("atopic-dermatitis")

    # Sent too early, the form says what is missing, and loses nothing
    page.get_by_label("Your name").fill("Zoë Nguyễn")
    page.get_by_role("button", name="Send my request").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    no_axe_violations(page)
    summary.get_by_role("link", name=re.compile("e-mail")).click()
    expect(page.get_by_label("Your e-mail address")).to_be_focused()
    expect(page.get_by_label("Your name")).to_have_value("Zoë Nguyễn")

    page.get_by_label("Your e-mail address").fill("zoe@example.org")
    page.get_by_label("Myself").check()
    page.get_by_role("group", name="How should we contact you?").get_by_role("radio").first.check()
    page.get_by_role("group", name="How old is the person").get_by_role("radio").nth(2).check()
    page.get_by_label("What is happening with the skin?").fill("Red patches in both elbows. 😣")
    page.get_by_role("group", name="How long has it been there?").get_by_role("radio").first.check()
    page.get_by_label("What would you like to ask us?").fill("Should I change what I eat?")
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Send my request").click()

    # Then she is told what happens next, and the request is there once, with its mails
    expect(page.get_by_role("heading", level=1, name="We have your request")).to_be_visible()
    no_axe_violations(page)
    inquiry = Inquiry.objects.get()
    expect(page.get_by_text(inquiry.reference).first).to_be_visible()
    assert inquiry.condition.slug == "atopic-dermatitis"
    assert inquiry.question == "Should I change what I eat?"
    call_command("send_mail_queue")
    assert [sent.to for sent in mail.outbox] == [["zoe@example.org"], ["intake@gutskin.example"]]
