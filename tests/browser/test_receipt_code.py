"""The receipt code where it is shown once: copied, printed, saved, and shown plainly where no script runs."""

import pytest
from playwright.sync_api import expect

from consultations.models import Inquiry
from tests.browser.patient import receipt_cookie
from tests.browser.touch_targets import small_targets
from tests.browser.waiting import eventually, follow
from tests.consultations.visits import code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COPY, PRINT, SAVE, HIDE = "Copy the code", "Print this page", "Save as a file", "I have kept my code – hide it"
MAY_COPY = {"permissions": ["clipboard-read", "clipboard-write"]}
REFUSES = "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
COUNTS = "window.printed = 0; window.print = () => { window.printed += 1; }"


@pytest.fixture
def received(site, new_page):
    """Opens the page that a patient sees after sending the form; `script` runs before any of the page's own."""
    cookie = receipt_cookie(site)

    def open_received(script="", **options):
        page = new_page(viewport={"width": 360, "height": 740}, **options)
        page.context.add_cookies([cookie])
        if script:
            page.add_init_script(script)
        page.goto(f"{site}/consult/received/")
        expect(page.get_by_text(code())).to_be_visible()
        return page

    return open_received


def code():
    return code_of(Inquiry.objects.get())


def test_copy_puts_the_code_into_the_clipboard_and_says_so(received):
    page = received(**MAY_COPY)
    page.evaluate("navigator.clipboard.writeText('something else')")
    # There from the beginning: screen readers say what changes in it, and nothing that arrives together with it.
    expect(page.get_by_role("status")).to_have_text("")
    page.get_by_role("button", name=COPY).click()

    expect(page.get_by_role("status")).to_have_text("The code is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == code()
    expect(page.get_by_role("button", name=COPY)).to_be_focused()


def test_where_the_browser_refuses_the_code_is_marked_and_the_page_says_so(received):
    page = received(script=REFUSES)
    page.get_by_role("button", name=COPY).click()

    expect(page.get_by_role("status")).to_have_text("The code could not be copied. Please write it down.")
    assert page.evaluate("getSelection().toString()").strip() == code()


def test_print_prints_the_code_and_none_of_the_buttons(received):
    page = received(script=COUNTS)
    page.get_by_role("button", name=PRINT).click()
    eventually(page, lambda: page.evaluate("window.printed"), lambda times: times == 1)

    page.emulate_media(media="print")
    expect(page.get_by_text(code())).to_be_visible()
    expect(page.get_by_text(Inquiry.objects.get().reference)).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("link", name=SAVE)).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_save_as_a_file_gives_a_file_with_the_code(received, javascript):
    page = received(java_script_enabled=javascript)
    with page.expect_download() as saved:
        page.get_by_role("link", name=SAVE).click()

    # The name says nothing to others who use the machine.
    assert saved.value.suggested_filename == "code.txt"
    words = saved.value.path().read_text()
    assert f"Receipt code: {code()}" in words.splitlines()
    assert Inquiry.objects.get().reference in words
    assert "https://gutskin.example/consult/status/" in words
    # Saving is not yet hiding.
    expect(page.get_by_text(code())).to_be_visible()


def test_without_a_script_there_is_no_button_that_would_do_nothing(received):
    page = received(java_script_enabled=False)

    for name in (COPY, PRINT):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
        expect(page.get_by_text(name)).to_be_hidden()
    expect(page.get_by_role("link", name=SAVE)).to_be_visible()
    follow(page, page.get_by_role("button", name=HIDE))
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    expect(page.get_by_text(code())).to_have_count(0)


def test_what_is_pressed_here_is_large_enough_for_a_finger(received):
    page = received()
    expect(page.get_by_role("button", name=PRINT)).to_be_visible()

    assert small_targets(page) == []
