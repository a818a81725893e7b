"""Another process holds the write lock: requests are still answered, and pages can be read."""

import sqlite3
import time
from contextlib import contextmanager

import psycopg

from tests.faults.patient import Patient
from tests.faults.senders import Sending, line_of
from tests.faults.table import Line

PEOPLE, READERS = 4, 20
LONGEST_WAIT = 15  # seconds until the user is told; the timeout is 5


@contextmanager
def write_lock(site):
    if isinstance(site.database, str):
        with psycopg.connect(site.database) as connection:
            connection.execute("LOCK TABLE consultations_inquiry IN EXCLUSIVE MODE")
            yield
        return
    connection = sqlite3.connect(site.database, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def run(lab) -> Line:
    with lab.site("locked-database") as site:
        # While the lock is held, each tries once or twice.
        sending = Sending(site, max_wait=4)
        began = time.monotonic()
        with write_lock(site):
            refused = PEOPLE - len(sending.all(PEOPLE))
            waited = time.monotonic() - began
            read = [Patient(site).ask("/").status for _number in range(READERS)]
        in_time = waited < LONGEST_WAIT * 2
        after = Sending(site, max_wait=60)
        acknowledged = after.all(PEOPLE)
        done = f"write lock held: {refused} told after {waited:.0f} s, {read.count(200)} of {READERS} pages read"
        broken = "" if refused == PEOPLE and in_time and read.count(200) == READERS else "no clear answer in time"
        after.unkept += sending.unkept
        return line_of(site, after, acknowledged, done, enough=sending.unavailable, broken=broken)
