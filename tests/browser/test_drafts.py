"""Nothing typed is lost: half-written texts of staff, in a real browser."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from consultations.models import Note
from education.models import Article
from gutskin.drafts.models import Draft
from tests.browser.waiting import eventually, expect_no_sideways_scrolling, follow
from tests.consultations.factories import a_clinician, an_inquiry
from tests.education.admin_cast import change_url, make_author
from tests.education.factories import make_statement
from tests.staff_session import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REPLY = "Milk is rarely the cause. I would"
SAVED = re.compile(r"^Draft saved (now|\d+ seconds? ago)$")
NOT_SAVED = "What you type is not being saved"


@pytest.fixture
def staff_page(new_page, site):
    def logged_in(user, **options):
        page = new_page(**{"viewport": {"width": 1280, "height": 800}} | options)
        page.context.add_cookies([cookie_of(user, site)])
        return page

    return logged_in


@pytest.fixture
def david():
    return a_clinician()


@pytest.fixture
def address(site):
    return f"{site}/admin/consultations/inquiry/{an_inquiry().pk}/change/"


def reply_on(page):
    return page.get_by_label("Your reply")


def saved_line(page):
    return page.get_by_text(SAVED).first


@pytest.mark.parametrize("script", [True, False])
def test_a_reply_survives_save_note(staff_page, david, address, script):
    page = staff_page(david, java_script_enabled=script)
    page.goto(address)
    reply_on(page).fill(REPLY)
    page.get_by_label("New note").fill("Ring her on Monday.")
    page.get_by_role("button", name="Save note").click()

    expect(page.get_by_text("your note is saved")).to_be_visible()
    expect(reply_on(page)).to_have_value(REPLY)
    expect(page.get_by_label("New note")).to_have_value("")
    assert Note.objects.get().text == "Ring her on Monday."


def test_a_reply_survives_leaving_the_page_at_once(staff_page, david, address, site):
    page = staff_page(david)
    page.goto(address)
    reply_on(page).fill(REPLY)
    page.goto(f"{site}/admin/")
    eventually(page, Draft.objects.count)

    page.goto(address)
    expect(reply_on(page)).to_have_value(REPLY)


def test_a_reply_survives_a_killed_tab_and_a_new_login(staff_page, david, address, no_axe_violations):
    page = staff_page(david)
    page.goto(address)
    reply_on(page).press_sequentially(REPLY)
    expect(saved_line(page)).to_be_visible()
    no_axe_violations(page)
    # No event tells the page.
    page.close(run_before_unload=False)
    Session.objects.all().delete()

    page = staff_page(david, viewport={"width": 360, "height": 740})
    page.goto(address)
    expect(reply_on(page)).to_have_value(REPLY)
    expect(page.get_by_text(re.compile("^Draft saved "))).to_be_visible()
    expect_no_sideways_scrolling(page)
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_text("The draft is discarded.")).to_be_visible()
    expect(reply_on(page)).to_have_value("")


def test_a_reply_that_was_sent_does_not_come_back(staff_page, david, address):
    page = staff_page(david)
    page.goto(address)
    reply_on(page).fill(REPLY)
    expect(saved_line(page)).to_be_visible()
    reply_on(page).press_sequentially(" wait.")
    page.get_by_role("button", name="Send the reply").click()

    expect(page.get_by_text("your reply is sent")).to_be_visible()
    expect(reply_on(page)).to_have_value("")
    page.wait_for_timeout(3000)
    assert not Draft.objects.exists()


def test_enter_in_a_field_of_one_line_presses_no_button(staff_page, david, address):
    page = staff_page(david)
    page.goto(address)
    page.get_by_text("Merge this request into another one").click()
    page.get_by_label("Reference of the request that stays open").press("Enter")

    page.wait_for_timeout(500)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_label("Reference of the request that stays open")).to_be_focused()


def test_leaving_asks_only_if_something_could_not_be_saved(staff_page, david, address, site, no_axe_violations):
    page = staff_page(david, may_complain=True)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(address)
    reply_on(page).fill(REPLY)
    follow(page, page.get_by_role("link", name="Your account"))
    assert asked == []

    page.goto(address)
    Session.objects.all().delete()
    reply_on(page).press_sequentially(" wait.")
    expect(page.get_by_text(NOT_SAVED)).to_be_visible()
    no_axe_violations(page)
    page.goto(f"{site}/")
    assert asked == ["beforeunload"]


def test_after_a_new_login_in_another_tab_the_page_saves_again(staff_page, david, address, site):
    page = staff_page(david, may_complain=True)
    page.goto(address)
    Session.objects.all().delete()
    reply_on(page).press_sequentially("Milk")
    expect(page.get_by_text(NOT_SAVED)).to_be_visible()
    page.context.add_cookies([cookie_of(david, site)])

    expect(saved_line(page)).to_be_visible()
    assert Draft.objects.get().fields["text"] == ["Milk"]


def test_an_article_is_restored_after_a_killed_tab(staff_page, site, no_axe_violations):
    ana, acne = make_author(), Article.objects.get(slug="acne")
    page = staff_page(ana)
    page.goto(site + change_url(acne))
    page.get_by_label("Summary:").fill("Typed and never saved.")
    page.get_by_role("textbox", name="Text").get_by_text("It is nobody's fault.").click()
    page.keyboard.press("Home")
    page.keyboard.type("New words. ")
    eventually(page, lambda: [draft for draft in Draft.objects.all() if "New words." in draft.fields["body"][0]])
    expect(saved_line(page)).to_be_visible()
    page.close(run_before_unload=False)

    page = staff_page(ana)
    page.goto(site + change_url(acne))
    expect(page.get_by_role("heading", name="You have a draft that is not saved")).to_be_visible()
    expect(page.get_by_label("Summary:")).not_to_have_value("Typed and never saved.")
    no_axe_violations(page)
    page.get_by_role("button", name="Restore draft").click()
    expect(page.get_by_role("heading", name="This is your draft")).to_be_visible()
    expect(page.get_by_role("textbox", name="Text")).to_contain_text("New words.")
    no_axe_violations(page)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    acne.refresh_from_db()
    assert acne.summary == "Typed and never saved."
    assert not Draft.objects.exists()


def test_references_chosen_for_a_statement_are_in_its_draft(staff_page, site):
    ana = make_author()
    statement = make_statement(Article.objects.get(slug="acne"), state="draft", slug="mine", references=[])
    page = staff_page(ana)
    page.goto(site + change_url(statement))
    page.locator("#id_references_from option").first.dblclick()
    chosen = page.locator("#id_references_to option").first.get_attribute("value")

    expect(saved_line(page)).to_be_visible()
    assert Draft.objects.get().fields["references"] == [chosen]
