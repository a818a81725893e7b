"""Text at twice its size on a phone (WCAG 2.1, 1.4.4 and 1.4.10): nothing is cut off, and no page scrolls sideways."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consultations.models import Inquiry
from tests.addresses import FORM_PAGES, READING_PAGES, RECORD_PAGES
from tests.browser.patient import enter_code, fill_in, receipt_cookie
from tests.browser.waiting import eventually, follow
from tests.consultations.factories import ANSWERS, a_coordinator, an_inquiry
from tests.consultations.staff_pages import QUEUE, page_of
from tests.consultations.visits import code_of
from tests.staff_session import cookie_of

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
PUBLIC = [*READING_PAGES, *FORM_PAGES, *RECORD_PAGES, "/accounts/login/", "/no-such-page/"]
PARTS = [pytest.param(PUBLIC[part::4], id=f"part-{part + 1}") for part in range(4)]
# What sticks out of the screen and cannot be scrolled to within a box of its own.
STICKS_OUT = """() => [...document.querySelectorAll("body *")].filter(element => {
    const box = element.getBoundingClientRect();
    for (let parent = element.parentElement; parent; parent = parent.parentElement)
        if (getComputedStyle(parent).overflowX !== "visible") return false;
    return box.width > 0 && box.right > innerWidth + 1;
}).map(element => `${element.tagName} ${element.className} ${Math.round(element.getBoundingClientRect().right)}`)"""
# Selects whose chosen option is wider than the box has room for, beside its arrow.
CUT_OFF = """() => [...document.querySelectorAll("select")].filter(select => {
    const pen = document.createElement("canvas").getContext("2d");
    const style = getComputedStyle(select);
    pen.font = style.font;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 16;
    return select.offsetWidth && pen.measureText(select.selectedOptions[0]?.text ?? "").width > room;
}).map(select => `${select.id}: ${select.selectedOptions[0].text}`)"""


def fits(page, *, enlarged=True):
    page.wait_for_load_state()
    if enlarged:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
    eventually(
        page,
        lambda: (page.evaluate("document.documentElement.scrollWidth"), page.evaluate(STICKS_OUT)[:5]),
        lambda found: found == (PHONE["width"], []),
    )


# Words of usual length that do not fit in a line. Links show addresses, which may break anywhere.
BROKEN_WORDS = r"""() => {
    const found = [], range = document.createRange();
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode()); ) {
        if (text.parentElement.closest(".references")) continue;
        for (const word of text.data.matchAll(/(?<![\p{L}.\/-])\p{L}{3,11}(?![\p{L}.\/-])/gu)) {
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const boxes = [...range.getClientRects()].filter(box => box.width);
            if (new Set(boxes.map(box => Math.round(box.top))).size > 1) found.push(word[0]);
        }
    }
    return found;
}"""


@pytest.mark.parametrize("address", ["/", "/conditions/acne/", "/therapies/probiotics-and-prebiotics/", "/evidence/"])
def test_words_of_usual_length_are_not_broken(reading_site, new_page, address):
    page = new_page(viewport=PHONE, may_complain=True)
    page.goto(reading_site + address)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(BROKEN_WORDS) == []


def test_longer_words_have_a_hyphen_only_where_text_is_large(reading_site, new_page):
    page = new_page(viewport=PHONE, may_complain=True)
    page.goto(reading_site + "/conditions/acne/")
    hyphens = "getComputedStyle(document.querySelector('main p')).hyphens"
    assert page.evaluate(hyphens) == "manual"
    # What a screen of 360 px is at a zoom of 200 %.
    page.set_viewport_size({"width": 180, "height": 370})
    assert page.evaluate(hyphens) == "auto"


@pytest.mark.parametrize("addresses", PARTS)
def test_public_pages(reading_site, new_page, addresses):
    page = new_page(viewport=PHONE, may_complain=True)
    for address in addresses:
        page.goto(reading_site + address)
        fits(page)


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_request(site, new_page):
    page = new_page(viewport=PHONE, may_complain=True)
    page.goto(f"{site}/consult/")
    page.get_by_role("button", name="Send my request").click()
    expect(page.get_by_role("heading", name="Some answers need your attention")).to_be_visible()
    fits(page)
    fill_in(
        page,
        name=ANSWERS["name"],
        address=ANSWERS["email"],
        skin="My lips are swollen. I lost weight without trying.",
        question="There is blood in my poo.",
    )
    page.get_by_role("button", name="Send my request").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Call 999")
    fits(page)

    page.context.add_cookies([receipt_cookie(site)])
    page.goto(f"{site}/consult/received/")
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    fits(page)

    inquiry = an_inquiry()
    enter_code(page, site, code_of(inquiry))
    expect(page.get_by_role("heading", level=1)).to_contain_text(inquiry.reference)
    fits(page)
    follow(page, page.get_by_role("link", name="Erase my request"))
    fits(page)


@pytest.mark.django_db(transaction=True)
def test_the_queue_on_a_phone(site, new_page):
    inquiry = an_inquiry()
    page = new_page(viewport=PHONE, may_complain=True)
    page.context.add_cookies([cookie_of(a_coordinator(), site)])
    for address in (QUEUE, page_of(inquiry)):
        page.goto(site + address)
        fits(page, enlarged=False)
        assert page.evaluate(CUT_OFF) == [], address


@pytest.mark.django_db(transaction=True)
def test_the_queue_on_a_phone_shows_when_replies_are_due(site, new_page):
    received = timezone.now() - timedelta(days=30)
    days = {"received_at": received, "waiting_since": received, "due_at": received + timedelta(days=10)}
    Inquiry.objects.filter(pk=an_inquiry().pk).update(**days)
    page = new_page(viewport=PHONE, may_complain=True)
    page.context.add_cookies([cookie_of(a_coordinator(), site)])
    page.goto(site + QUEUE)
    expect(page.get_by_text("Overdue", exact=True)).to_be_visible()
    for column in ("reference", "due", "urgency_badge"):
        for cell in page.locator(f"td.field-{column}, th.field-{column}").all():
            box = cell.bounding_box()
            assert box["x"] + box["width"] <= PHONE["width"], column
