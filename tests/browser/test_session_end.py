"""The bar that tells of the end of a login, and of the way back to what one was writing."""

import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from gutskin.accounts.session_store import SessionStore
from tests.accounts.staff import PASSWORD, a_member_of_staff, the_code
from tests.browser.waiting import follow
from tests.staff_session import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADD_TEAM = "/admin/consultations/team/add/"
MINUTE = 60 * 1000
LOGGED_OUT = "You were logged out. What you typed is still here."


@pytest.fixture
def carla():
    return a_member_of_staff(app=True, is_superuser=True)


def at_work(page, url, user, **clock):
    """The browser has the page of a new team open."""
    page.context.add_cookies([cookie_of(user, url)])
    clock_of_the_login(page, **clock)
    page.clock.install()
    page.goto(f"{url}{ADD_TEAM}")


def clock_of_the_login(page, **clock):
    """Sets on the server when it began, or when work was last seen."""
    [key] = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == settings.SESSION_COOKIE_NAME]
    session = SessionStore(session_key=key)
    session.update(clock)
    session.save()


def come_back(page):
    # Playwright keeps every tab focused, so that nothing tells of it.
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_who_logs_in_in_another_tab_comes_back_to_a_page_that_knows(live_server, page, carla):
    at_work(page, live_server.url, carla)
    page.get_by_label("Name:").fill("Skin")
    Session.objects.all().delete()
    page.clock.fast_forward(15 * MINUTE)
    expect(page.get_by_text(LOGGED_OUT)).to_be_visible()

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Log in (opens in a new tab)").click()
    tab = opened.value
    tab.get_by_label("User name").fill("carla")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    follow(tab, tab.get_by_role("button", name="Log in"))
    tab.get_by_label("Code").fill(the_code())
    tab.get_by_role("button", name="Continue").click()
    expect(tab.get_by_role("heading", name="Your work")).to_be_visible()
    tab.close()

    come_back(page)
    expect(page.get_by_text(LOGGED_OUT)).to_be_hidden()
    expect(page.get_by_label("Name:")).to_have_value("Skin")
    # What is typed from now on is work again, and the server takes its word.
    page.clock.fast_forward(2 * MINUTE)
    with page.expect_response("**/accounts/still-here/") as told:
        page.get_by_label("Name:").press_sequentially(" and hair")
        page.clock.fast_forward(MINUTE)
    assert (told.value.request.method, told.value.status) == ("POST", 200)


def test_who_comes_back_too_late_is_told_so(live_server, page, carla):
    at_work(page, live_server.url, carla)
    Session.objects.all().delete()
    expect(page.get_by_text(LOGGED_OUT)).to_be_hidden()
    come_back(page)

    expect(page.get_by_text(LOGGED_OUT)).to_be_visible()


def test_before_the_end_for_lack_of_work_a_button_puts_it_off(live_server, page, carla):
    at_work(page, live_server.url, carla)
    clock_of_the_login(page, seen_at=int(time.time()) - 14 * 60)
    page.clock.fast_forward(14 * MINUTE)
    expect(page.get_by_text("because nothing was done here for a while")).to_be_visible()
    page.get_by_role("button", name="Stay logged in").click()

    expect(page.get_by_text("because nothing was done here for a while")).to_be_hidden()


def test_before_the_end_after_eight_hours_there_is_no_button(live_server, page, carla, no_axe_violations):
    at_work(page, live_server.url, carla, began_at=int(time.time()) - 8 * 60 * 60 + 100)

    expect(page.get_by_text("because a login lasts eight hours at most")).to_be_visible()
    expect(page.get_by_role("button", name="Stay logged in")).to_be_hidden()
    expect(page.get_by_text("nothing was done here")).to_be_hidden()
    no_axe_violations(page)
