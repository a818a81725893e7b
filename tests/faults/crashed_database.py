"""The database crashes three times while people send their requests."""

import threading
import time

from tests.faults.senders import Sending, line_of
from tests.faults.table import Line

SUBMISSIONS, CRASHES, DOWN = 400, 3, 1


def run(lab) -> Line | None:
    """None on SQLite, which has no process of its own."""
    if not lab.cluster:
        return None
    with lab.site("crashed-database") as site:
        sending, crashes = Sending(site), []
        number = lab.number(SUBMISSIONS)

        def crash():
            for part in range(1, CRASHES + 1):
                while len(sending.sent) < number * part / (CRASHES + 1):
                    time.sleep(0.02)
                lab.cluster.crash()
                time.sleep(DOWN)
                lab.cluster.start()
                crashes.append(part)

        crasher = threading.Thread(target=crash)
        crasher.start()
        acknowledged = sending.all(number)
        crasher.join()
        done = f"PostgreSQL stopped dead and started again, {len(crashes)} times; {sending.unavailable} × 503"
        return line_of(site, sending, acknowledged, done, enough=sending.unavailable)
