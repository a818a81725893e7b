"""A photo on its way: a bar and words say how far it is, and both are gone when it has come to its end."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.patient import a_file, enter_code
from tests.browser.waiting import HeldRequests
from tests.consultations.factories import an_inquiry
from tests.consultations.upload_zoo import REFUSED, a_jpeg, saved
from tests.consultations.visits import code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Noise hardly gets smaller: about a megabyte, so that it goes in many pieces.
LARGE = saved(Image.effect_noise((1600, 1200), 60), "JPEG", quality=90)
# Bytes in a second: slow enough that half of the large photo is a state that lasts. -1: as fast as the machine can.
SLOWLY, FREELY = len(LARGE) // 20, -1
# Every value and every word of the row, as it was shown.
RECORD = """() => {
    window.values = [];
    window.words = [];
    new MutationObserver(() => {
        const row = document.querySelector("[data-photos-sending] > li");
        if (!row) return;
        window.values.push(row.querySelector("progress").value);
        window.words.push(row.querySelector("[data-photo-status]").textContent);
    }).observe(document.querySelector("[data-photos-sending]"), {subtree: true, childList: true, attributes: true});
}"""


def bars(page):
    return page.get_by_role("progressbar", name="Sending the photo")


def row(page, name):
    return page.get_by_role("listitem").filter(has_text=name)


def open_form(page, site):
    page.goto(f"{site}/consult/")
    return page.get_by_label("Photos of the skin")


def open_visit(page, site):
    enter_code(page, site, code_of(an_inquiry()))
    return page.get_by_label("Add photos of the skin")


@pytest.mark.parametrize("open_page", [open_form, open_visit])
def test_while_photos_wait_to_go_each_has_a_bar_and_words(page, site, no_axe_violations, open_page):
    held = HeldRequests(page, "**/photos/", times=1)
    question = open_page(page, site)
    expect(bars(page)).to_have_count(0)
    question.set_input_files([a_file("near.jpg", a_jpeg((640, 480))), a_file("far.jpg", a_jpeg((480, 640)))])

    expect(bars(page)).to_have_count(2)
    for name in ("near.jpg", "far.jpg"):
        expect(row(page, name)).to_contain_text("is being sent.")
        expect(row(page, name).get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="near.jpg is being sent.")).to_have_count(1)
    no_axe_violations(page)
    held.let_go()

    expect(page.get_by_role("img", name="Photo 2")).to_be_visible()
    expect(bars(page)).to_have_count(0)
    expect(page.get_by_text("is being sent.")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="far.jpg: the photo is stored.")).to_have_count(1)


def test_the_bar_grows_as_the_photo_goes(page, site):
    question = open_form(page, site)
    page.evaluate(RECORD)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")

    def go(upload):
        limits = {"offline": False, "latency": 0, "downloadThroughput": FREELY, "uploadThroughput": upload}
        network.send("Network.emulateNetworkConditions", limits)

    go(SLOWLY)
    question.set_input_files(a_file("near.jpg", LARGE))
    expect(bars(page)).to_have_attribute("value", re.compile(r"^[1-9]\d?(\.\d+)?$"))  # more than 0, less than 100
    expect(bars(page)).to_be_visible()
    expect(row(page, "near.jpg")).to_contain_text("is being sent.")
    go(FREELY)

    expect(page.get_by_role("img", name="Photo 1")).to_be_visible()
    expect(bars(page)).to_have_count(0)
    values = page.evaluate("window.values")
    assert values == sorted(values)
    assert (values[0], values[-1]) == (0, 100)
    assert page.evaluate("window.words.at(-1)") == "has arrived and is being checked."


def test_what_has_arrived_is_said_to_be_checked_until_the_answer_is_there(page, site):
    question = open_form(page, site)
    # At the answer, not at the question: the photo is really sent before the browser is made to wait.
    network = page.context.new_cdp_session(page)
    network.send("Fetch.enable", {"patterns": [{"urlPattern": "*/consult/photos/", "requestStage": "Response"}]})
    question.set_input_files(a_file("near.jpg", LARGE))

    expect(row(page, "near.jpg")).to_contain_text("has arrived and is being checked.")
    expect(bars(page)).to_have_attribute("value", "100")
    # Lets everything go that waits.
    network.send("Fetch.disable")

    expect(page.get_by_role("img", name="Photo 1")).to_be_visible()
    expect(bars(page)).to_have_count(0)


def test_a_refused_file_has_its_sentence_and_no_bar(page, site):
    question = open_form(page, site)
    question.set_input_files(a_file("letter.pdf", REFUSED["letter.pdf"][0]()))

    expect(row(page, "letter.pdf")).to_contain_text("This is a PDF document.")
    expect(row(page, "letter.pdf")).not_to_contain_text("is being sent.")
    expect(bars(page)).to_have_count(0)
