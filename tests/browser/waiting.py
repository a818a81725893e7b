"""Waiting for what `expect` cannot see: the database, sizes on the screen, a new page with its scripts.

A page shows its heading before its scripts have run, and a click returns before the page that it leads to is there.
"""

import time

PATIENCE = 20  # seconds, for everything that is waited for: a busy machine is slow


def eventually(page, read, check=bool):
    """Reads until the check holds, and returns what was read."""
    deadline = time.monotonic() + PATIENCE
    while not check(value := read()):
        assert time.monotonic() < deadline, f"{page.url}: still {value!r} after {PATIENCE} seconds"
        page.wait_for_timeout(20)  # playwright handles its events here
    return value


def follow(page, control):
    """Presses what leads to another page, and waits until that page has loaded and its scripts have run."""
    page.wait_for_load_state()
    with page.expect_event("load"):
        control.click()


def expect_no_sideways_scrolling(page):
    page.wait_for_load_state()
    width = page.viewport_size["width"]
    eventually(page, lambda: page.evaluate("document.documentElement.scrollWidth"), lambda found: found <= width)


class HeldRequests:
    """Keeps requests to matching addresses back until they are let go."""

    def __init__(self, page, pattern, **options):
        self._page, self._held = page, []
        page.route(pattern, lambda route: self._held.append(route), **options)

    def let_go(self):
        """The first of them, as soon as the browser has sent it."""
        eventually(self._page, lambda: self._held)[0].continue_()
