"""A real chromium, and pages that may not complain."""

import os
import shutil

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from playwright.sync_api import expect, sync_playwright

from tests import production
from tests.browser import waiting
from tests.browser.leaflets import add_leaflets
from tests.browser.once import RequestsInProgress, Templates, once
from tests.consultations.factories import a_clinician, an_inquiry
from tests.content import load_content
from tests.staff_session import cookie_of

# The headless shell is the same engine without the windows around it, which saves a fifth of the time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, PROGRAMS)), None)
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    # For every window Chromium loads two pages of its own, for the address bar, which is half of what a new page costs,
    # and for every page it starts a process ahead of need.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess",
]
AS_ON_A_LAPTOP = {"HTTPS": "off", "BEHIND_PROXY": "off", "SITE_URL": "http://127.0.0.1"}
# Without preloading: for a style sheet with @import, as admin has, axe writes a style element, against our CSP.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}

expect.set_options(timeout=waiting.PATIENCE * 1000)


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.fail("The browser tests need chromium. On Debian: apt-get install chromium-headless-shell")
    # Chromium's sandbox does not work for root, and root is who runs in containers.
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, in which Django would refuse the test's own queries.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield running
        running.close()


@pytest.fixture
def new_page(browser):
    """Opens pages, each in a browser context of its own. What their consoles complain about fails the test.

    With `may_complain=True` it does not: for tests in which a request fails on purpose.
    """
    contexts, complaints = [], []

    def hear(page, message):
        # A step that is refused, because another user was quicker, answers 409 and says so on the page.
        if message.type == "error" and "409 (Conflict)" not in message.text:
            complaints.append(f"{page.url}: {message.text}")

    def listen(page):
        page.on("console", lambda message: hear(page, message))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))

    def open_page(*, may_complain=False, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(waiting.PATIENCE * 1000)
        if not may_complain:
            context.on("page", listen)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(new_page):
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def staff_page(new_page, site):
    def logged_in(user, **options):
        page = new_page(**{"viewport": {"width": 1280, "height": 800}} | options)
        page.context.add_cookies([cookie_of(user, site)])
        return page

    return logged_in


@pytest.fixture
def david():
    return a_clinician()


@pytest.fixture
def address(site):
    """That of the page of a request in admin."""
    return f"{site}/admin/consultations/inquiry/{an_inquiry().pk}/change/"


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory):
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def reading_site(run_folder, templates):
    """The address of a site as `make run` starts it, in a process of its own, with leaflets. Reading tests share it."""

    def make(folder):
        if templates:
            shutil.copy(templates.with_content, folder / "gutskin.sqlite3")
        production.prepare(folder, **AS_ON_A_LAPTOP)
        add_leaflets(folder / "gutskin.sqlite3")

    folder = run_folder / "reading-site"
    once(folder, make)
    with production.serving(folder, **AS_ON_A_LAPTOP) as address:
        yield f"http://{address}"


@pytest.fixture(scope="session")
def templates(run_folder):
    """Databases to copy; None where the database is no file of ours."""
    return Templates.of_this_run(run_folder / "templates") if connection.vendor == "sqlite" else None


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb, templates):
    """The test database is there already, migrated: see below."""
    return django_db_keepdb or bool(templates)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, templates, tmp_path_factory):
    """A file: the threads of the live server each have a connection of their own, as in production."""
    if templates:
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        shutil.copy(templates.migrated, path)
        connection.settings_dict["TEST"]["NAME"] = str(path)
        # No test cuts the power, so that none has to wait for the disk.
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, templates):
    """After each test the database is as it was migrated."""
    with pytest.MonkeyPatch.context() as patch:
        if templates and not connection.is_in_memory_db():
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: templates.restore(templates.migrated))
        yield


@pytest.fixture(scope="session")
def requests_in_progress():
    with RequestsInProgress.counted() as requests:
        yield requests


@pytest.fixture(autouse=True)
def a_fresh_start(request, requests_in_progress):
    """Nothing of a test reaches the next: no code that was used, and no request that is still being answered.

    This fixture ends after the pages are closed and before the database is emptied.
    """
    cache.clear()
    yield
    requests_in_progress.wait_for_none(waiting.PATIENCE)


@pytest.fixture
def site(live_server, templates):
    """The address of a running site with the content that the project brings, for tests that change something."""
    if templates and not connection.is_in_memory_db():
        templates.restore(templates.with_content)
    else:
        load_content()
    return live_server.url


@pytest.fixture
def no_axe_violations():
    def check(page):
        page.wait_for_load_state()
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        results = AxeResults(page.evaluate("options => axe.run(options)", AXE_OPTIONS))
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check
