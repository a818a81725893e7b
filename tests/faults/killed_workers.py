"""kill -9 of a web worker every 250 ms, while a thousand people send their request."""

import threading

from tests.faults.senders import Sending, line_of
from tests.faults.table import Line

SUBMISSIONS, PAUSE = 1000, 0.25


def run(lab) -> Line:
    # Eight workers: each lives for two seconds, long enough to answer even on a busy machine.
    with lab.site("killed-workers", WEB_CONCURRENCY="8") as site:
        over, kills = threading.Event(), []

        def kill():
            while not over.wait(PAUSE):
                kills.append(site.kill_a_worker())

        sending = Sending(site)
        killer = threading.Thread(target=kill)
        killer.start()
        try:
            acknowledged = sending.all(lab.number(SUBMISSIONS))
        finally:
            over.set()
            killer.join()
        return line_of(site, sending, acknowledged, f"kill -9 of a web worker, {sum(kills)} times", enough=sum(kills))
