"""Nothing typed is lost: half-written texts of staff, in a real browser."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from consultations.models import Note
from education.actions import submit_for_review
from education.models import Article, GlossaryTerm
from gutskin.drafts.models import Draft
from tests.browser.waiting import eventually, expect_no_sideways_scrolling, follow
from tests.education.admin_cast import change_url, make_author, make_clinical_reviewer
from tests.education.factories import make_statement
from tests.staff_session import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REPLY = "Milk is rarely the cause. I would"
SAVED = re.compile(r"^Draft saved (now|\d+ seconds? ago)$")
NOT_SAVED = "What you type is not being saved"


def saved_line(page):
    return page.get_by_text(SAVED).first


@pytest.mark.parametrize("script", [True, False])
def test_a_reply_survives_save_note(staff_page, david, address, script):
    page = staff_page(david, java_script_enabled=script)
    page.goto(address)
    page.get_by_label("Your reply").fill(REPLY)
    page.get_by_label("New note").fill("Ring her on Monday.")
    page.get_by_role("button", name="Save note").click()

    expect(page.get_by_text("your note is saved")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value(REPLY)
    expect(page.get_by_label("New note")).to_have_value("")
    assert Note.objects.get().text == "Ring her on Monday."


def test_a_reply_survives_leaving_the_page_at_once(staff_page, david, address, site):
    page = staff_page(david)
    page.goto(address)
    page.get_by_label("Your reply").fill(REPLY)
    page.goto(f"{site}/admin/")
    eventually(page, Draft.objects.count)

    page.goto(address)
    expect(page.get_by_label("Your reply")).to_have_value(REPLY)


def test_a_reply_survives_a_killed_tab_and_a_new_login(staff_page, david, address, no_axe_violations):
    page = staff_page(david)
    page.goto(address)
    page.get_by_label("Your reply").press_sequentially(REPLY)
    expect(saved_line(page)).to_be_visible()
    no_axe_violations(page)
    # No event tells the page.
    page.close(run_before_unload=False)
    Session.objects.all().delete()

    page = staff_page(david, viewport={"width": 360, "height": 740})
    page.goto(address)
    expect(page.get_by_label("Your reply")).to_have_value(REPLY)
    expect(page.get_by_text(re.compile("^Draft saved "))).to_be_visible()
    expect_no_sideways_scrolling(page)
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_text("The draft is discarded.")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("")
    no_axe_violations(page)
    expect_no_sideways_scrolling(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Your reply")).to_have_value(REPLY)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_a_reply_that_was_sent_does_not_come_back(staff_page, david, address):
    page = staff_page(david)
    page.goto(address)
    page.get_by_label("Your reply").fill(REPLY)
    expect(saved_line(page)).to_be_visible()
    page.get_by_label("Your reply").press_sequentially(" wait.")
    page.get_by_role("button", name="Send the reply").click()

    expect(page.get_by_text("your reply is sent")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("")
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
    page.get_by_label("Your reply").fill(REPLY)
    follow(page, page.get_by_role("link", name="Your account"))
    assert asked == []

    page.goto(address)
    Session.objects.all().delete()
    page.get_by_label("Your reply").press_sequentially(" wait.")
    expect(page.get_by_text(NOT_SAVED)).to_be_visible()
    no_axe_violations(page)
    page.goto(f"{site}/")
    assert asked == ["beforeunload"]


def test_after_a_new_login_in_another_tab_the_page_saves_again(staff_page, david, address, site):
    page = staff_page(david, may_complain=True)
    page.goto(address)
    Session.objects.all().delete()
    page.get_by_label("Your reply").press_sequentially("Milk")
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
    page.get_by_label("References", exact=True).last.press_sequentially("zhao2025")
    page.get_by_role("option", name="zhao2025").click()
    chosen = page.locator("#id_references option:checked").get_attribute("value")

    expect(saved_line(page)).to_be_visible()
    assert Draft.objects.get().fields["references"] == [chosen]


def saved_twice(page, *texts):
    """Until each text is in a draft of its own."""
    eventually(
        page,
        lambda: [[name for name in texts if name in str(draft.fields)] for draft in Draft.objects.kept()],
        lambda found: sorted(found) == sorted([text] for text in texts),
    )


def test_two_tabs_of_a_request_keep_both_replies_and_say_the_same(staff_page, david, address):
    first = staff_page(david)
    second = first.context.new_page()
    for page in (first, second):
        page.goto(address)
    for page, text in ((first, "From the first tab."), (second, "From the second tab.")):
        page.get_by_label("Your reply").fill(text)
        expect(saved_line(page)).to_be_visible()
        expect(page.get_by_text(NOT_SAVED)).to_have_count(0)
    saved_twice(first, "From the first tab.", "From the second tab.")
    for page in (first, second):
        page.close(run_before_unload=False)

    page = staff_page(david)
    page.goto(address)
    expect(page.get_by_label("Your reply")).to_have_value("From the first tab.\n\nFrom the second tab.")


def test_two_tabs_of_an_article_keep_a_draft_each(staff_page, site):
    ana, acne = make_author(), Article.objects.get(slug="acne")
    first = staff_page(ana)
    second = first.context.new_page()
    for page, text in ((first, "From the first tab."), (second, "From the second tab.")):
        page.goto(site + change_url(acne))
        page.get_by_label("Summary:").fill(text)
        expect(saved_line(page)).to_be_visible()
    saved_twice(first, "From the first tab.", "From the second tab.")

    first.goto(site + change_url(acne))
    # The newest is offered, and the other is a click away.
    expect(first.get_by_role("button", name="Restore draft")).to_have_count(1)
    first.get_by_text("1 older draft").click()
    expect(first.get_by_role("button", name="Restore draft")).to_have_count(2)


def test_restoring_a_draft_keeps_what_was_typed_since(staff_page, site, no_axe_violations):
    ana, term = make_author(), GlossaryTerm.objects.first()
    page = staff_page(ana)
    page.goto(site + change_url(term))
    meaning = page.get_by_label("What it means")
    meaning.fill("Typed before the crash.")
    expect(saved_line(page)).to_be_visible()
    page.close(run_before_unload=False)

    page = staff_page(ana)
    page.goto(site + change_url(term))
    meaning = page.get_by_label("What it means")
    meaning.fill("Typed since, and saved by itself.")
    saved_twice(page, "Typed before the crash.", "Typed since, and saved by itself.")
    meaning.fill("Typed since, and not saved yet.")
    page.get_by_role("button", name="Restore draft").click()
    expect(page.get_by_role("heading", name="This is your draft")).to_be_visible()
    expect(meaning).to_have_value("Typed before the crash.")
    no_axe_violations(page)
    page.get_by_role("button", name="Restore draft").click()
    expect(meaning).to_have_value("Typed since, and not saved yet.")


def a_summary_was_typed_before_a_crash(staff_page, site):
    """Returns the author, and the article whose page was open."""
    ana, acne = make_author(), Article.objects.get(slug="acne")
    page = staff_page(ana)
    page.goto(site + change_url(acne))
    page.get_by_label("Summary:").fill("Typed before the crash.")
    expect(saved_line(page)).to_be_visible()
    page.close(run_before_unload=False)
    return ana, acne


@pytest.mark.parametrize("script", [True, False])
def test_discarding_an_offered_draft_keeps_the_form_and_can_be_undone(staff_page, site, script):
    ana, acne = a_summary_was_typed_before_a_crash(staff_page, site)
    page = staff_page(ana, java_script_enabled=script, viewport={"width": 360, "height": 740})
    page.goto(site + change_url(acne))
    summary = page.get_by_label("Summary:")
    summary.fill("Typed since.")
    page.get_by_role("button", name="Discard draft").first.click()
    expect(page.get_by_text("The draft is discarded.")).to_be_visible()
    expect(summary).to_have_value("Typed since.")
    if script:
        expect_no_sideways_scrolling(page)
    page.get_by_role("button", name="Undo: bring it back").click()
    expect(summary).to_have_value("Typed before the crash.")
    page.get_by_role("button", name="Restore draft").click()
    expect(summary).to_have_value("Typed since.")


@pytest.mark.parametrize("script", [True, False])
def test_restoring_over_an_untouched_form_makes_no_second_draft_and_enter_saves(staff_page, site, script):
    ana, acne = a_summary_was_typed_before_a_crash(staff_page, site)
    page = staff_page(ana, java_script_enabled=script)
    page.goto(site + change_url(acne))
    page.get_by_role("button", name="Restore draft").click()
    expect(page.get_by_role("heading", name="This is your draft")).to_be_visible()
    expect(page.get_by_role("heading", name="Another draft")).to_have_count(0)
    page.goto(site + change_url(acne))
    page.get_by_label("Title:").fill("Acne, newly told")
    page.get_by_label("Title:").press("Enter")
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    acne.refresh_from_db()
    assert acne.title == "Acne, newly told"


@pytest.mark.parametrize("script", [True, False])
def test_a_new_article_that_comes_back_with_errors_is_not_covered_by_another_draft(staff_page, site, script):
    ana = make_author()
    page = staff_page(ana)
    page.goto(f"{site}/admin/education/article/add/")
    page.get_by_label("Summary:").fill("Another article.")
    expect(saved_line(page)).to_be_visible()
    page.close(run_before_unload=False)

    page = staff_page(ana, java_script_enabled=script)
    page.goto(f"{site}/admin/education/article/add/")
    expect(page.get_by_role("button", name="Restore draft")).to_be_visible()
    page.get_by_label("Summary:").fill("Mine.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    expect(page.get_by_label("Summary:")).to_have_value("Mine.")
    expect(page.get_by_role("button", name="Restore draft")).to_have_count(0)
    page.get_by_label("Title:").fill("Rosacea, once more")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    page.goto(f"{site}/admin/education/article/add/")
    expect(page.get_by_role("button", name="Restore draft")).to_have_count(1)


def test_every_text_is_there_after_its_tab_was_killed(staff_page, site):
    """The context is closed at once: no event tells the page."""
    ana, acne = make_author(), Article.objects.get(slug="acne")
    statement = make_statement(acne, state="draft", slug="mine", references=[])
    revision = submit_for_review(acne, by=make_author("ben"))
    places = [
        (ana, change_url(acne), "Summary:"),
        (ana, change_url(statement), "Why this rating:"),
        (ana, change_url(GlossaryTerm.objects.first()), "What it means"),
        (make_clinical_reviewer(), reverse("admin:education_revision_request", args=[revision.pk]), "What has to"),
    ]
    for user, address, label in places:
        page = staff_page(user)
        page.goto(site + address)
        page.get_by_label(label).fill("Typed and never saved.")
        expect(saved_line(page)).to_be_visible()
        page.context.close()

        page = staff_page(user)
        page.goto(site + address)
        if "request" not in address:
            page.get_by_role("button", name="Restore draft").click()
        expect(page.get_by_label(label)).to_have_value("Typed and never saved.")
        page.context.close()


def test_reply_and_note_are_there_after_their_tab_was_killed(staff_page, david, address):
    page = staff_page(david)
    page.goto(address)
    page.get_by_label("Your reply").fill(REPLY)
    page.get_by_label("New note").fill("Ring her on Monday.")
    eventually(page, Draft.objects.count, lambda count: count == 2)
    page.context.close()

    page = staff_page(david)
    page.goto(address)
    expect(page.get_by_label("Your reply")).to_have_value(REPLY)
    expect(page.get_by_label("New note")).to_have_value("Ring her on Monday.")
