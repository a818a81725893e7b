"""How fast two pages are answered, alone and while something else happens."""

import statistics
import threading
import time
from contextlib import contextmanager
from typing import NamedTuple

from tests.faults.patient import Patient

PAGES = ("/healthz", "/")
# Milliseconds beyond twice the usual time: what two cores need that do the rest of the fault at the same time.
SLACK = 25


class Times(NamedTuple):
    """In milliseconds."""

    median: float
    slowest: float


@contextmanager
def answering(site):
    """Asks the pages during the block; gives their times afterwards."""
    found, stop = {}, threading.Event()
    asker = threading.Thread(target=lambda: found.update(times_of(site, until=stop)))
    asker.start()
    try:
        yield found
    finally:
        stop.set()
        asker.join()


def times_of(site, *, seconds=None, until=None):
    """Path -> Times."""
    taken, visitor = {page: [] for page in PAGES}, Patient(site)
    end = time.monotonic() + (seconds or 60)
    while time.monotonic() < end and not (until and until.is_set()):
        for page in PAGES:
            began = time.monotonic()
            visitor.ask(page)
            taken[page].append((time.monotonic() - began) * 1000)
        # nginx lets one visitor ask twenty times a second.
        time.sleep(0.1)
    return {page: Times(statistics.median(times), max(times)) for page, times in taken.items()}


def in_words(during, usual) -> str:
    """The slowest answers too: the median of a short attack says little about its first second."""
    return ", ".join(
        f"{page} in {during[page].median:.0f} ms, at the most {during[page].slowest:.0f} "
        f"(usually {usual[page].median:.0f}, at the most {usual[page].slowest:.0f})"
        for page in PAGES
    )


def too_slow(during, usual) -> list[str]:
    return [
        f"{page} took {during[page].median:.0f} ms instead of {usual[page].median:.0f}"
        for page in PAGES
        if during[page].median > 2 * usual[page].median + SLACK
    ]
