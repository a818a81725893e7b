"""How fast two pages are answered, alone and while something else happens."""

import statistics
import threading
import time
from contextlib import contextmanager

from tests.faults.patient import Patient

PAGES = ("/healthz", "/")
# Milliseconds beyond twice the usual time: what two cores need that do the rest of the fault at the same time.
SLACK = 25


@contextmanager
def answering(site):
    """Asks the pages during the block; gives their medians afterwards."""
    found, stop = {}, threading.Event()
    asker = threading.Thread(target=lambda: found.update(times_of(site, until=stop)))
    asker.start()
    try:
        yield found
    finally:
        stop.set()
        asker.join()


def times_of(site, *, seconds=None, until=None):
    """Path -> the median of its milliseconds."""
    taken, visitor = {page: [] for page in PAGES}, Patient(site)
    end = time.monotonic() + (seconds or 60)
    while time.monotonic() < end and not (until and until.is_set()):
        for page in PAGES:
            began = time.monotonic()
            visitor.ask(page)
            taken[page].append((time.monotonic() - began) * 1000)
        # nginx lets one visitor ask twenty times a second.
        time.sleep(0.1)
    return {page: statistics.median(times) for page, times in taken.items()}


def in_words(during, usual) -> str:
    return ", ".join(f"{page} in {during[page]:.0f} ms (usually {usual[page]:.0f})" for page in PAGES)


def too_slow(during, usual) -> list[str]:
    return [
        f"{page} took {during[page]:.0f} ms instead of {usual[page]:.0f}"
        for page in PAGES
        if during[page] > 2 * usual[page] + SLACK
    ]
