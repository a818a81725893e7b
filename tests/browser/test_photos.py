"""Photos on the form, with and without a script, and in the viewer at the desk."""

import pytest
from playwright.sync_api import expect

from consultations import actions
from consultations.models import Attachment, Inquiry
from gutskin.audit.models import AuditEvent
from tests.browser.patient import a_file, enter_code
from tests.browser.waiting import HeldRequests, eventually
from tests.consultations.factories import ANSWERS, a_clinician, an_inquiry
from tests.consultations.upload_zoo import REFUSED, a_jpeg
from tests.consultations.visits import code_of
from tests.staff_session import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


FILES = [
    a_file("near.jpg", a_jpeg((1200, 900))),
    a_file("letter.pdf", REFUSED["letter.pdf"][0]()),
    a_file("far.jpg", a_jpeg((900, 1200))),
]
SMALL = a_jpeg((8, 8))


def fill_in(page):
    for name in ("name", "email", "skin_problem", "question"):
        page.fill(f"#id_{name}", ANSWERS[name])
    for name in ("for_whom", "preferred_contact", "age_group", "duration"):
        page.check(f"input[name={name}][value='{ANSWERS[name]}']")
    page.check("#id_consent")


def in_a_visit(page, site, inquiry):
    enter_code(page, site, code_of(inquiry))
    expect(page.get_by_role("heading", level=1)).to_contain_text(inquiry.reference)


def test_photos_go_ahead_each_with_its_own_end(page, site, no_axe_violations):
    page.goto(f"{site}/consult/")
    fill_in(page)
    page.get_by_label("Photos of the skin").set_input_files(FILES)

    expect(page.get_by_role("img", name="Photo 2")).to_be_visible()
    expect(page.get_by_text("File 2, “letter.pdf”: This is a PDF document.").last).to_be_visible()
    expect(page.get_by_role("button", name="Add the chosen photos")).to_be_hidden()
    no_axe_violations(page)
    page.get_by_role("button", name="Close this message").click()
    page.get_by_role("button", name="Remove photo 1").click()
    expect(page.get_by_role("img", name="Photo 2")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("The photo has been removed.")
    page.get_by_role("button", name="Send my request").click()

    page.wait_for_url("**/consult/received/")
    assert Inquiry.objects.get().attachments.get().width == 900


def test_a_broken_connection_offers_to_try_again(new_page, site):
    page = new_page(may_complain=True)
    page.goto(f"{site}/consult/")
    page.route("**/consult/photos/", lambda route: route.abort("connectionreset"))
    page.get_by_label("Photos of the skin").set_input_files(FILES[:1])
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute("**/consult/photos/")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("img", name="Photo 1")).to_be_visible()


def test_the_form_waits_for_photos_on_their_way(page, site):
    page.goto(f"{site}/consult/")
    fill_in(page)
    held = HeldRequests(page, "**/consult/photos/")
    page.get_by_label("Photos of the skin").set_input_files(FILES[:1])
    page.get_by_role("button", name="Send my request").click()
    expect(page.locator("[data-photos-wait]")).to_be_visible()
    held.let_go()

    page.wait_for_url("**/consult/received/")
    assert Inquiry.objects.get().attachments.count() == 1


@pytest.mark.parametrize("refused", ["during", "before"])
def test_a_refused_photo_says_that_the_request_is_not_sent_yet(page, site, no_axe_violations, refused):
    page.goto(f"{site}/consult/")
    fill_in(page)
    question = page.get_by_label("Photos of the skin")
    if refused == "before":
        question.set_input_files(FILES[1])
        expect(page.get_by_role("button", name="Close this message")).to_be_visible()
    held = HeldRequests(page, "**/consult/photos/", times=1)
    question.set_input_files(FILES[0 if refused == "before" else 1])
    page.get_by_role("button", name="Send my request").click()
    expect(page.get_by_text("Your request will be sent as soon as they have arrived.").last).to_be_in_viewport()
    held.let_go()

    sentence = "Your request has not been sent yet. Read the message about your photo, then press the button again."
    expect(page.locator("[data-photos-wait]")).to_have_text(sentence)
    expect(page.locator("[data-photos-wait]")).to_be_in_viewport()
    expect(page.get_by_role("status").filter(has_text=sentence)).to_have_count(1)
    expect(page.get_by_role("button", name="Close this message")).to_be_focused()
    no_axe_violations(page)
    assert not Inquiry.objects.exists()
    page.get_by_role("button", name="Send my request").click()

    page.wait_for_url("**/consult/received/")
    assert Inquiry.objects.get().attachments.count() == (refused == "before")


@pytest.mark.parametrize("button", ["Send my message", "Stay half an hour longer"])
def test_in_a_visit_the_other_buttons_wait_for_photos_too(page, site, button):
    inquiry = an_inquiry()
    in_a_visit(page, site, inquiry)
    # The page that is left asks for the picture of the new photo. By then, the visit may already have its new secret.
    page.route("**/consult/status/photos/*/small/", lambda route: route.fulfill(content_type="image/jpeg", body=SMALL))
    page.get_by_role("textbox", name="Your message").fill("It itches at night")
    held = HeldRequests(page, "**/consult/status/photos/", times=1)
    page.get_by_label("Add photos of the skin").set_input_files(FILES[:1])
    page.get_by_role("button", name=button).click()
    expect(page.locator("[data-photos-wait]")).to_have_text(
        "Your photos are still being sent. This page will continue as soon as they have arrived."
    )
    expect(page.locator("[data-photos-wait]")).to_be_in_viewport()
    held.let_go()

    heard = "Your message is with us." if button == "Send my message" else "Your message has not been sent yet"
    expect(page.get_by_role("status").filter(has_text=heard)).to_be_visible()
    expect(page.get_by_role("img", name="Photo 1")).to_have_count(1)
    assert inquiry.attachments.count() == 1


def test_in_a_visit_a_refused_photo_says_that_nothing_else_was_done(page, site):
    inquiry = an_inquiry()
    in_a_visit(page, site, inquiry)
    page.get_by_role("textbox", name="Your message").fill("It itches at night")
    held = HeldRequests(page, "**/consult/status/photos/", times=1)
    page.get_by_label("Add photos of the skin").set_input_files(FILES[1])
    page.get_by_role("button", name="Send my message").click()
    expect(page.locator("[data-photos-wait]")).to_be_visible()
    held.let_go()

    expect(page.locator("[data-photos-wait]")).to_have_text(
        "What you asked for has not been done yet. Read the message about your photo, then press the button again."
    )
    assert not inquiry.messages.exists()
    page.get_by_role("button", name="Send my message").click()
    expect(page.get_by_role("status").filter(has_text="Your message is with us.")).to_be_visible()


def test_leaving_quickly_waits_for_no_photo(page, site):
    # Not even where the script that leaves at once did not arrive.
    page.route("**/status-visit*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    in_a_visit(page, site, an_inquiry())
    page.route("**/consult/status/photos/", lambda route: None, times=1)
    page.get_by_label("Add photos of the skin").set_input_files(FILES[:1])
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Leave this page quickly").click()

    expect(page).to_have_url(f"{site}/")


def test_without_a_script_photos_come_with_the_form(new_page, site):
    page = new_page(viewport={"width": 320, "height": 800}, java_script_enabled=False)
    page.goto(f"{site}/consult/")
    fill_in(page)
    page.fill("#id_name", "")
    page.get_by_label("Photos of the skin").set_input_files(FILES)
    page.get_by_role("button", name="Add the chosen photos").click()

    expect(page.get_by_text("File 2, “letter.pdf”: This is a PDF document.").first).to_be_visible()
    page.get_by_role("button", name="Remove photo 2").click()
    expect(page.get_by_role("img", name="Photo 2")).to_have_count(0)
    expect(page.get_by_text("Enter your name")).to_have_count(0)
    page.wait_for_load_state()
    page.get_by_label("Your name").fill(ANSWERS["name"])
    # Enter sends the form; it removes no photo.
    page.get_by_label("Your name").press("Enter")

    page.wait_for_url("**/consult/received/")
    assert Inquiry.objects.get().attachments.get().width == 1200


def test_a_clinician_looks_closely_and_it_is_recorded(page, site, no_axe_violations):
    inquiry, user = an_inquiry(), a_clinician()
    for width in (1200, 900):
        actions.add_photo(inquiry, a_jpeg((width, 800)), address="192.0.2.1")
    page.context.add_cookies([cookie_of(user, site)])
    one, _two = Attachment.objects.filter(inquiry=inquiry)
    page.goto(f"{site}/admin/consultations/inquiry/{inquiry.pk}/photos/{one.public_id}/")

    image = page.get_by_role("img", name="Photo 1 of 2, sent by the patient")
    expect(image).to_be_visible()
    no_axe_violations(page)
    page.keyboard.press("+")
    page.keyboard.press("+")
    eventually(page, lambda: image.bounding_box()["width"], lambda width: width == 2400)
    page.get_by_role("link", name="Fit").click()
    eventually(page, lambda: image.bounding_box()["width"], lambda width: width < 1280)
    looks = AuditEvent.objects.filter(action="photo_viewed")
    assert looks.count() == 1
    page.keyboard.press("n")
    expect(page.get_by_role("img", name="Photo 2 of 2, sent by the patient")).to_be_visible()
    eventually(page, looks.count, lambda count: count == 2)
