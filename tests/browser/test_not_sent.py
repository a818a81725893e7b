"""A form of staff that cannot be sent gives back what was typed, and says why."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from consultations import actions
from consultations.models import Inquiry, Message, Note, Team
from gutskin.drafts.models import Draft
from tests.consultations.factories import a_clinician, a_coordinator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REPLY = "Milk is rarely the cause. I would"
NOT_SAVED = "What you type is not being saved"
NOT_SENT = "This was not sent, because there is no connection."


def test_who_types_into_a_request_that_was_handed_on_is_told_so_and_gets_the_text_back(
    staff_page, david, address, no_axe_violations
):
    page = staff_page(david, may_complain=True)
    page.goto(address)
    actions.assign(Inquiry.objects.get(), to=a_clinician("maria"), by=a_coordinator())
    Team.objects.all().delete()
    page.get_by_label("Your reply").fill(REPLY)
    expect(page.get_by_text("It may have been handed on, or deleted.")).to_be_visible()
    expect(page.get_by_text("you are no longer logged in")).to_have_count(0)
    no_axe_violations(page)
    page.get_by_role("button", name="Send the reply").click()

    expect(page.get_by_text("This request is not, or no longer, one that you can open")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value(REPLY)
    no_axe_violations(page)
    assert not Message.objects.exists()


def test_without_a_connection_a_reply_is_not_sent_and_stays(staff_page, david, address, no_axe_violations):
    page = staff_page(david, may_complain=True)
    page.goto(address)
    page.get_by_label("Your reply").fill("Milk is")
    expect(page.get_by_text("Draft saved").first).to_be_visible()
    page.context.set_offline(True)
    page.get_by_label("Your reply").fill(REPLY)
    for _attempt in range(2):
        page.get_by_role("button", name="Send the reply").dblclick()
        expect(page.get_by_text(NOT_SENT)).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value(REPLY)
    no_axe_violations(page)
    assert not Message.objects.exists()

    page.context.set_offline(False)
    page.get_by_role("button", name="Send the reply").click()
    expect(page.get_by_text("your reply is sent")).to_be_visible()
    assert Message.objects.get().text == REPLY
    assert not Draft.objects.exists()


def test_after_an_autosave_without_an_answer_a_note_is_sent_only_once_there_is_one(staff_page, david, address):
    page = staff_page(david, may_complain=True)
    page.goto(address)
    page.route("**/draft/", lambda route: route.abort())
    page.get_by_label("New note").fill("Ring her on Monday.")
    expect(page.get_by_text(NOT_SAVED)).to_be_visible()
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    expect(page.get_by_text(NOT_SAVED)).to_have_count(0)
    assert not Note.objects.exists()

    page.unroute("**/draft/")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("your note is saved")).to_be_visible()


def test_after_the_session_has_ended_send_goes_on_to_the_page_with_the_text(staff_page, david, address):
    page = staff_page(david, may_complain=True)
    page.goto(address)
    Session.objects.all().delete()
    page.get_by_label("Your reply").fill(REPLY)
    expect(page.get_by_text(NOT_SAVED)).to_be_visible()
    page.get_by_role("button", name="Send the reply").click()

    expect(page.get_by_role("heading", name="You were logged out")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value(REPLY)
