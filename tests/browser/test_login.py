"""Staff log in, in a real browser with a virtual authenticator."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.accounts.staff import PASSWORD, SECRET, a_member_of_staff, the_code
from tests.browser.waiting import eventually, expect_no_sideways_scrolling, follow
from tests.staff_session import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
ACCOUNT_PAGES = (
    "/accounts/factors/",
    "/accounts/factors/app/remove/",
    "/accounts/factors/passkey/",
    "/accounts/factors/recovery-codes/new/",
    "/accounts/again/",
    "/accounts/again/code/",
    "/accounts/password/",
    "/accounts/sessions/",
    "/accounts/logout/",
    "/admin/",
    "/admin/auth/user/",
    "/admin/accounts/factorreset/",
    "/admin/accounts/factorreset/add/",
)


@pytest.fixture
def staff_site(live_server, settings):
    """A site under the name `localhost`, because browsers allow passkeys for no bare IP address."""
    url = live_server.url.replace("127.0.0.1", "localhost")
    settings.SITE_URL = url
    return url


def with_an_authenticator(page):
    """A virtual device that verifies its user, as with a fingerprint."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def type_password(page, staff_site, username="carla", password=PASSWORD):
    page.goto(f"{staff_site}/accounts/login/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    follow(page, page.get_by_role("button", name="Log in"))


def test_enrol_log_out_and_log_in_with_a_passkey(staff_site, new_page, no_axe_violations):
    # Given a new member of staff with a password and a laptop
    a_member_of_staff()
    page = new_page(viewport=PHONE)
    with_an_authenticator(page)
    type_password(page, staff_site)

    # Then no page of admin opens before a second factor is set up
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    no_axe_violations(page)
    for address in ("/admin/", "/admin/auth/user/", "/accounts/sessions/"):
        page.goto(staff_site + address)
        expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()

    # When she sets up a passkey
    follow(page, page.get_by_role("link", name="Set up a passkey"))
    page.get_by_label("Name of this passkey").fill("Laptop at work")
    no_axe_violations(page)
    page.get_by_role("button", name="Set up the passkey").click()

    # Then the recovery codes are shown, once
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator("#codes li")).to_have_count(10)
    no_axe_violations(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    assert len(saved.value.path().read_text().split()) == 10
    page.reload()
    expect(page.locator("#codes")).to_have_count(0)

    # and her work is open
    page.goto(f"{staff_site}/admin/")
    expect(page.get_by_role("heading", name="Your work")).to_be_visible()

    # When she logs out and comes back, the passkey is enough
    page.get_by_role("link", name="Log out").click()
    follow(page, page.get_by_role("button", name="Log out"))
    page.goto(f"{staff_site}/admin/")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    no_axe_violations(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your work")).to_be_visible()


def test_a_passkey_is_a_second_step_too_and_nothing_happens_without_it(staff_site, new_page):
    # Given a member of staff with a passkey
    a_member_of_staff()
    page = new_page()
    devtools, authenticator = with_an_authenticator(page)
    type_password(page, staff_site)
    follow(page, page.get_by_role("link", name="Set up a passkey"))
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.context.clear_cookies()

    # When the finger is the wrong one
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    type_password(page, staff_site)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()

    # Then that is said, and admin stays shut
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used.")
    page.goto(f"{staff_site}/admin/")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()

    # and with the right finger it opens
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your work")).to_be_visible()


def test_without_javascript_the_passkey_button_sends_nothing(staff_site, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"{staff_site}/accounts/login/")

    expect(page.get_by_role("button", name="Use a passkey")).to_be_disabled()
    # By its place: get_by_text() does not look into noscript.
    expect(page.locator("noscript p")).to_have_text(
        "Passkeys need JavaScript. Please allow it for this site, or use another way."
    )
    expect(page.locator("noscript p")).to_be_visible()


def test_the_fifth_wrong_password_locks_out(staff_site, new_page):
    # Given an attacker who guesses; the console tells of the 429
    a_member_of_staff(app=True)
    page = new_page(may_complain=True)
    for number in range(4):
        type_password(page, staff_site, password=f"wrong {number}")
        expect(page.get_by_text("you specified are not correct")).to_be_visible()
    type_password(page, staff_site, password="wrong again")

    # Locked out: the right password is refused too.
    expect(page.get_by_role("heading", name="Too many attempts")).to_be_visible()
    type_password(page, staff_site)
    expect(page.get_by_role("heading", name="Too many attempts")).to_be_visible()


def test_a_new_password_ends_the_session_in_another_browser(staff_site, new_page):
    # Given a member of staff who is logged in at work and at home
    user = a_member_of_staff(app=True)
    work, home = new_page(), new_page()
    home.context.add_cookies([cookie_of(user, staff_site)])
    type_password(work, staff_site)
    work.get_by_label("Code").fill(the_code())
    follow(work, work.get_by_role("button", name="Continue"))
    for page in (work, home):
        page.goto(f"{staff_site}/admin/")
        expect(page.get_by_role("heading", name="Your work")).to_be_visible()

    # When the password is changed at work
    work.get_by_role("link", name="Your account").click()
    work.get_by_role("link", name="Change your password").click()
    work.get_by_label("Your current password").fill(PASSWORD)
    work.get_by_label("New password", exact=True).fill("another quite long one")
    work.get_by_label("New password again").fill("another quite long one")
    work.get_by_role("button", name="Change the password").click()
    expect(work.get_by_text("You were logged out everywhere else.")).to_be_visible()

    # Then the session at home is over, and the one at work goes on
    home.goto(f"{staff_site}/admin/")
    expect(home.get_by_role("heading", name="Log in")).to_be_visible()
    work.goto(f"{staff_site}/admin/")
    expect(work.get_by_role("heading", name="Your work")).to_be_visible()


def test_every_account_page_works_under_the_policy_and_on_a_phone(staff_site, new_page, no_axe_violations):
    """`new_page` fails the test when the console complains, which a breach of the policy makes it do."""
    user = a_member_of_staff(app=True, is_superuser=True)
    page = new_page(viewport=PHONE)
    page.context.add_cookies([cookie_of(user, staff_site)])
    for address in ACCOUNT_PAGES:
        page.goto(staff_site + address)
        expect_no_sideways_scrolling(page)
        no_axe_violations(page)


def test_an_app_is_set_up_by_its_written_key(staff_site, new_page):
    a_member_of_staff()
    page = new_page()
    type_password(page, staff_site)
    page.get_by_role("link", name="Set up an app").click()
    key = page.locator(".auth__key")
    expect(key).to_have_text(re.compile("^[A-Z2-7]{32}$"))
    expect(key).not_to_have_text(SECRET)
    picture = page.get_by_alt_text(re.compile("QR code"))
    eventually(page, lambda: picture.evaluate("image => image.naturalWidth"))
    assert not User.objects.get().is_superuser


def test_two_minutes_before_the_end_the_page_says_so(staff_site, new_page):
    # Given a page of admin that is left alone, on a clock of ours
    user = a_member_of_staff()
    page = new_page()
    page.clock.install()
    page.context.add_cookies([cookie_of(user, staff_site)])
    page.goto(f"{staff_site}/admin/")
    expect(page.get_by_role("button", name="Stay logged in")).to_be_hidden()

    # When thirteen minutes have gone by
    page.clock.run_for("13:10")

    # Then it says so, and a press on the button makes it long again
    page.get_by_role("button", name="Stay logged in").click()
    expect(page.get_by_role("button", name="Stay logged in")).to_be_hidden()

    # and when they have all gone by, it says that as well
    page.clock.run_for("15:10")
    expect(page.get_by_text("What you typed is still here.")).to_be_visible()
