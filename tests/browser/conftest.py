"""A real chromium, and pages that may not complain."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import sync_playwright

from tests import production
from tests.content import load_content

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.fail("The browser tests need chromium. On Debian and Ubuntu: apt-get install chromium")
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
    """Opens pages, each in a browser context of its own. What their consoles complain about fails the test."""
    contexts, complaints = [], []

    def hear(page, message):
        # A step that is refused, because somebody was quicker, answers 409 and says so on the page.
        if message.type == "error" and "409 (Conflict)" not in message.text:
            complaints.append(f"{page.url}: {message.text}")

    def listen(page):
        page.set_default_timeout(10_000)
        page.on("console", lambda message: hear(page, message))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))

    def open_page(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        context.on("page", listen)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(new_page):
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture(scope="session")
def reading_site(tmp_path_factory):
    """The address of a site as `make run` starts it, in a process of its own. Reading tests share it."""
    folder = tmp_path_factory.mktemp("reading")
    with production.started(folder, HTTPS="off", BEHIND_PROXY="off", SITE_URL="http://127.0.0.1") as address:
        yield f"http://{address}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """A file: the threads of the live server each have a connection of their own, as in life."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture
def site(live_server):
    """The address of a running site with the content that the project brings, for tests that change something."""
    load_content()
    return live_server.url


@pytest.fixture
def no_axe_violations():
    axe = Axe()

    def check(page):
        # Without preloading: for a style sheet with @import, as admin has, axe writes a style element, against our CSP.
        results = axe.run(page, options={"resultTypes": ["violations"], "preload": False})
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check
