"""A clinician's day in a real browser, and what the audit log keeps of it."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from playwright.sync_api import expect

from consultations.models import CannedReply, Inquiry, Message
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import ANSWERS, a_clinician, a_coordinator, an_inquiry
from tests.staff_session import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1280, "height": 800}
NOTE = "Asked the laboratory for the calprotectin."
OPENED = ["viewed", "story_read"]


def named(user, first, last):
    user.first_name, user.last_name = first, last
    user.save()
    return user


@pytest.fixture
def staff_page(new_page, site):
    """Logs a user in and gives the page, which is the front page of admin."""

    def logged_in(user):
        page = new_page(viewport=DESK)
        page.context.add_cookies([cookie_of(user, site)])
        page.goto(f"{site}/admin/")
        expect(page.get_by_role("heading", name="Your work")).to_be_visible()
        return page

    return logged_in


def open_request(page, site, inquiry, tab):
    page.goto(f"{site}/admin/consultations/inquiry/")
    tabs = page.get_by_role("navigation", name="Parts of the queue")
    tabs.get_by_role("link", name=re.compile(f"^{tab}")).click()
    # The tab before it may list the same request.
    expect(tabs.locator("[aria-current=page]")).to_have_text(re.compile(f"^{tab}"))
    page.get_by_role("link", name=inquiry.reference).click()
    expect(page.get_by_role("heading", name=inquiry.reference)).to_be_visible()


def told(reference, since=0):
    """(who, what) in the order of the log."""
    events = AuditEvent.objects.about(reference).filter(sequence__gt=since).order_by("sequence")
    return list(events.values_list("actor", "action"))


def test_a_day_from_the_queue_to_the_figures(staff_page, site, no_axe_violations):
    # Given a request, a canned reply, and two clinicians
    david, nora = named(a_clinician("david"), "David", "Mensah"), named(a_clinician("nora"), "Nora", "Lind")
    inquiry = an_inquiry()
    CannedReply.objects.create(title="First answer", text="Dear {name},\n\nthank you for {reference}.\n\n{clinician}")

    # When David looks at the queue and opens the request
    page = staff_page(david)
    open_request(page, site, inquiry, "Unassigned")
    expect(page.get_by_text(ANSWERS["question"])).to_be_visible()
    no_axe_violations(page)

    # writes a note
    page.get_by_label("New note").fill(NOTE)
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("your note is saved")).to_be_visible()

    # begins with a canned reply, looks at it as the patient will, and sends it
    page.get_by_label("Begin with").select_option(label="First answer")
    page.get_by_role("button", name="Put into the reply").click()
    text = page.get_by_label("Your reply")
    expect(text).to_have_value(f"Dear {ANSWERS['name']},\n\nthank you for {inquiry.reference}.\n\nDavid Mensah")
    text.press("Control+End")
    text.press_sequentially("\nGlasgow Road Clinic")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("As the patient will read it")).to_be_visible()
    no_axe_violations(page)
    page.get_by_role("button", name="Send the reply").click()
    expect(page.get_by_text("your reply is sent")).to_be_visible()
    assert Message.objects.get().text.endswith("David Mensah\nGlasgow Road Clinic")

    # and hands over to a colleague
    page.get_by_label("Hand over to").select_option(str(nora.pk))
    page.get_by_label("A note for the colleague who takes over").fill("Back from Monday.")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("the assignee is changed")).to_be_visible()
    no_axe_violations(page)

    # Then Nora finds it among hers, closes it with an outcome, and looks at the figures
    page = staff_page(nora)
    open_request(page, site, inquiry, "Assigned to you")
    expect(page.get_by_text("Back from Monday.")).to_be_visible()
    page.get_by_label("How did it end?").select_option("advice_given")
    page.get_by_role("button", name="Close the request").click()
    expect(page.get_by_text("the status is changed")).to_be_visible()
    no_axe_violations(page)
    assert Inquiry.objects.get().outcome == "advice_given"
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="Request figures").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Request figures")
    no_axe_violations(page)

    # and every view is in the log, in order
    by_david = [*OPENED, "note_added", *OPENED]
    # The canned reply brought the patient's name with it, and no one had the request until he replied.
    by_david += ["viewed", *OPENED, "assigned", "replied", *OPENED, "assigned", "note_added", *OPENED]
    by_nora = [*OPENED, "status_changed", *OPENED]
    assert told(inquiry.reference) == [
        ("patient", "submitted"),
        *[("david", action) for action in by_david],
        *[("nora", action) for action in by_nora],
    ]
    of_the_desk = AuditEvent.objects.filter(action__in=["listed", "dashboard_viewed"]).order_by("sequence")
    assert list(of_the_desk.values_list("actor", "action")) == [
        ("david", "listed"),
        ("david", "listed"),
        ("nora", "listed"),
        ("nora", "listed"),
        ("nora", "dashboard_viewed"),
    ]
    words = [NOTE, ANSWERS["question"], "Back from Monday", "Glasgow"]
    assert not [each for each in AuditEvent.objects.values_list("detail", flat=True) for word in words if word in each]

    # whose chain holds until a row is changed by hand
    call_command("verify_audit_log")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditevent SET actor = 'nora' WHERE actor = 'david' AND action = 'replied'")
        assert cursor.rowcount == 1
    with pytest.raises(CommandError, match="broken in 1 place"):
        call_command("verify_audit_log")


def test_a_coordinator_reads_a_story_with_a_reason_only(staff_page, site, no_axe_violations):
    # Given a coordinator, who passes requests on
    inquiry = an_inquiry()
    page = staff_page(a_coordinator("carla"))
    open_request(page, site, inquiry, "Unassigned")

    # Then she sees whom to call, and not what it is about
    expect(page.get_by_text(ANSWERS["email"])).to_be_visible()
    expect(page.get_by_text(ANSWERS["question"])).to_have_count(0)
    assert told(inquiry.reference)[1:] == [("carla", "viewed")]
    no_axe_violations(page)

    # When she gives a reason, it opens, and says until when
    page.get_by_label("Why do you need to read it?").select_option(index=1)
    page.get_by_label("Explanation").fill("The clinician is away, and the patient called.")
    page.get_by_role("button", name="Open the story").click()
    expect(page.get_by_text(ANSWERS["question"])).to_be_visible()
    expect(page.get_by_text(re.compile("You can read this request until"))).to_be_visible()
    no_axe_violations(page)
    assert told(inquiry.reference)[2:] == [("carla", action) for action in ("access_opened", *OPENED)]


def test_the_second_at_a_request_is_told_who_is_there(staff_page, site, no_axe_violations):
    david, nora = named(a_clinician("david"), "David", "Mensah"), named(a_clinician("nora"), "Nora", "Lind")
    inquiry = an_inquiry()
    first, second = staff_page(david), staff_page(nora)
    open_request(first, site, inquiry, "Unassigned")
    expect(first.get_by_text("this request open")).to_have_count(0)

    # When Nora opens what David has open
    open_request(second, site, inquiry, "Unassigned")
    expect(second.get_by_text(re.compile("David Mensah has had this request open since"))).to_be_visible()
    no_axe_violations(second)

    # and sends a reply while David still writes his
    second.get_by_label("Your reply").fill("From Nora.")
    second.get_by_role("button", name="Send the reply").click()
    expect(second.get_by_text("your reply is sent")).to_be_visible()
    first.get_by_label("Your reply").fill("From David.")
    with first.expect_response(re.compile("/reply/")) as answer:
        first.get_by_role("button", name="Send the reply").click()

    # Then his is kept and not sent, and he is told whose came before
    assert answer.value.status == 409
    expect(first.get_by_role("alert")).to_contain_text("Nora Lind")
    expect(first.get_by_label("Your reply")).to_have_value("From David.")
    assert [message.text for message in Message.objects.all()] == ["From Nora."]
