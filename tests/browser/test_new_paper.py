"""From a new paper to a published statement: an author decides and writes, a reviewer approves."""

from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from playwright.sync_api import expect

from education.evidence_watch.questions import create_missing_questions
from education.models import EvidenceQuestion, EvidenceStatement, NewPaper, Reference
from tests.browser.keyboard import Keyboard
from tests.browser.waiting import expect_no_sideways_scrolling, follow
from tests.education import pubmed_server
from tests.education.admin_cast import make_author, make_clinical_reviewer
from tests.education.pubmed_server import Paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TITLE = "A trial of probiotics in acne"
WHY = "The first trial in adults."
PHONE, SCREEN = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@pytest.fixture
def pubmed(site, settings):
    # Not asked one by one, as in a process that has just started; and the form asks for two articles.
    ContentType.objects.get_for_models(EvidenceStatement, NewPaper, Reference)
    settings.ZEAL_ALLOWLIST = [{"model": "education.Article"}]
    create_missing_questions(NOW)
    question = EvidenceQuestion.objects.get(intervention="probiotics", condition__slug="acne")
    NewPaper.objects.create(question=question, pmid="41000001", title=TITLE, kind="trial", found_at=NOW)
    with pubmed_server.running(settings) as pubmed:
        pubmed.papers = [Paper("41000001", NOW.date(), title=f"{TITLE}.")]
        yield


class Mouse:
    def press(self, page, control):
        follow(page, control)

    def check(self, page, control):
        control.check()

    def write(self, page, field, words):
        field.fill(words)


class Keys:
    def press(self, page, control):
        page.wait_for_load_state()
        Keyboard(page).go_to(control)
        with page.expect_event("load"):
            page.keyboard.press("Enter")

    def check(self, page, control):
        # Of radio buttons, Tab reaches the one that is chosen, and the arrows go on from there.
        control.focus()
        page.keyboard.press("Space")
        expect(control).to_be_checked()

    def write(self, page, field, words):
        Keyboard(page).go_to(field)
        page.keyboard.press("Control+A")
        page.keyboard.type(words)


@pytest.mark.parametrize(
    ("hand", "options"),
    [
        (Keys(), {"viewport": PHONE}),
        (Mouse(), {"viewport": SCREEN}),
        (Mouse(), {"viewport": PHONE, "java_script_enabled": False}),
    ],
    ids=["keys alone, narrow", "mouse, wide", "no script, narrow"],
)
def test_a_new_paper_becomes_a_published_statement(staff_page, site, pubmed, no_axe_violations, hand, options):
    has_script = options.get("java_script_enabled", True)

    def look(page):
        if has_script:
            no_axe_violations(page)
            expect_no_sideways_scrolling(page)

    # Given an author who finds the paper on the front page
    page = staff_page(make_author(), **options)
    page.goto(f"{site}/admin/")
    hand.press(page, page.get_by_role("link", name="1 new paper waits for a decision"))
    expect(page.get_by_role("heading", name="What this is for")).to_be_visible()
    look(page)
    hand.press(page, page.get_by_role("link", name=TITLE, exact=True))
    look(page)
    hand.press(page, page.get_by_role("link", name="Decide…"))
    look(page)

    # When they press too early, then they are led to what is missing
    hand.press(page, page.get_by_role("button", name="Decide", exact=True))
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text("What this means: Choose what the papers mean.")
    look(page)
    page.get_by_role("alert").get_by_role("link").click()
    hand.check(page, page.get_by_label("Changes a statement"))
    hand.check(page, page.get_by_role("group", name="Attach it to").get_by_role("radio").nth(1))
    hand.write(page, page.get_by_label("Why"), WHY)
    hand.press(page, page.get_by_role("button", name="Decide", exact=True))

    # And its draft opens, and says why
    expect(page.get_by_text("1 paper is decided. Here is the draft of the statement.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=f"{TITLE}: {WHY}")).to_be_visible()
    look(page)
    hand.write(page, page.get_by_label("Why this rating"), "Small trials in adults.")
    hand.press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    draft = EvidenceStatement.objects.get(state="draft")

    # When a reviewer opens it from the front page and approves it
    page = staff_page(make_clinical_reviewer(), **options)
    page.goto(f"{site}/admin/")
    hand.press(page, page.get_by_role("link", name="1 draft of an evidence statement waits for a reviewer"))
    hand.press(page, page.locator("#result_list .field-sentence a"))
    expect(page.get_by_role("listitem").filter(has_text=f"{TITLE}: {WHY}")).to_be_visible()
    look(page)
    hand.press(page, page.get_by_role("link", name="Approve…"))
    look(page)
    hand.press(page, page.get_by_role("button", name="Approve and publish"))

    # Then readers see it
    expect(page.get_by_text("The statement is published.")).to_be_visible()
    look(page)
    draft.refresh_from_db()
    assert (draft.state, draft.reviewed_by.name) == ("published", "Ruth Okafor")
    assert draft.references.filter(pmid="41000001").exists()
