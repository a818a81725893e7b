"""Every public page in a real browser: accessibility, small screens, links, weight."""

from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import expect

from tests.addresses import FORM_PAGES, READING_PAGES, RECORD_PAGES
from tests.browser.touch_targets import small_targets
from tests.browser.waiting import eventually, expect_no_sideways_scrolling

pytestmark = pytest.mark.browser

SHOWN = [(scheme, width) for scheme in ("light", "dark") for width in (360, 1280)]
EVERY_PAGE = READING_PAGES + FORM_PAGES + RECORD_PAGES
# Parts of about the same size, which several processes share; neighbours are alike, so each takes one page in six.
PARTS = [pytest.param(EVERY_PAGE[part::6], id=f"part-{part + 1}") for part in range(6)]


def show_form_errors(page, site):
    page.goto(f"{site}/consult/")
    page.get_by_role("button", name="Send my request").click()
    page.locator(".error-summary").wait_for()


def is_good_in_every_light_and_width(page, no_axe_violations):
    page.set_viewport_size({"width": 320, "height": 640})
    expect_no_sideways_scrolling(page)
    for scheme, width in SHOWN:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        no_axe_violations(page)


@pytest.mark.parametrize("addresses", PARTS)
def test_no_page_has_an_accessibility_violation_or_scrolls_sideways(reading_site, page, no_axe_violations, addresses):
    for address in addresses:
        page.goto(reading_site + address)
        expect(page.locator("h1")).to_have_count(1)
        is_good_in_every_light_and_width(page, no_axe_violations)


def test_a_form_with_errors_is_no_worse(reading_site, page, no_axe_violations):
    show_form_errors(page, reading_site)
    is_good_in_every_light_and_width(page, no_axe_violations)


def test_targets_are_large_enough_for_a_finger(reading_site, new_page):
    page = new_page(viewport={"width": 360, "height": 800})
    too_small = {}
    pages = ["/", "/conditions/acne/", "/search/?q=eczema", "/glossary/"]
    for address in [*pages, "/consult/", "/consult/code/", "/consult/status/"]:
        page.goto(reading_site + address)
        if small := small_targets(page):
            too_small[address] = small
    assert too_small == {}


# Read by the browser, and not shown: of these pages only the links and the places that they lead to count.
READ = """async address => {
    const response = await fetch(address);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return {
        status: response.status,
        ids: [...page.querySelectorAll("[id]")].map(element => element.id),
        links: [...page.querySelectorAll("a[href]")].map(element => element.getAttribute("href")),
    };
}"""


def test_every_link_inside_the_site_leads_somewhere(reading_site, page):
    """From the front page to every page and every place on a page that anything links to."""
    todo, linked, ids, files, failed = ["/"], {}, {}, set(), {}
    page.goto(reading_site)
    while todo:
        address = todo.pop()
        is_file = "." in address.partition("?")[0].rpartition("/")[2]
        found = page.evaluate(READ, address)
        if found["status"] != 200:
            failed[address] = found["status"]
            continue
        if is_file:
            files.add(address)
            continue
        ids[address] = set(found["ids"])
        for link in found["links"]:
            target = urlsplit(urljoin(reading_site + address, link))
            if f"{target.scheme}://{target.netloc}" != reading_site:
                continue
            path = target.path + (f"?{target.query}" if target.query else "")
            linked.setdefault((path, target.fragment), address)
            if path not in todo and not any(path in seen for seen in (ids, files, failed)):
                todo.append(path)
    dead = {
        f"{path}#{fragment}": origin
        for (path, fragment), origin in linked.items()
        if fragment and fragment not in ids.get(path, {fragment})
    }
    assert failed == {}
    assert dead == {}
    assert len(ids) > 100  # twelve articles, seventy references, the lists: fewer would mean that the crawl got stuck


@pytest.mark.parametrize("address", ["/therapies/probiotics-and-prebiotics/", "/consult/"])
def test_the_first_view_of_a_page_is_light(reading_site, new_page, address):
    """At most 30 kB over the wire in at most 5 requests, from a server as in production."""
    page = new_page(viewport={"width": 360, "height": 800})
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    asked, received = [], []
    network.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(f"{reading_site}{address}", wait_until="networkidle")
    eventually(page, lambda: (len(received), len(asked)), lambda counts: counts[0] == counts[1])
    assert len(asked) <= 5, asked
    assert sum(received) <= 30_000, list(zip(asked, received, strict=False))
    assert bool(page.context.cookies()) == (address == "/consult/")


def test_pages_do_not_need_scripts(reading_site, new_page):
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.goto(reading_site)
    page.locator("details.menu > summary").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Treatments").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Treatments and habits")
