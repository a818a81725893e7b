"""kill -9 of a web worker every 250 ms, while a thousand people send their request."""

import threading

from tests.faults.senders import Sending
from tests.faults.stored import compare
from tests.faults.table import Line

SUBMISSIONS, PAUSE = 1000, 0.25


def run(lab) -> Line:
    # Eight workers: each lives for two seconds, in which it can answer on a busy machine too.
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


def line_of(site, sending, acknowledged, done, *, enough, broken="") -> Line:
    """A line about requests that were sent, with what every such fault has to hold."""
    stored, lost, doubled = compare(site, acknowledged)
    if not broken and len(acknowledged) < len(sending.sent):
        broken = "not every request was acknowledged in the end"
    if not broken and sending.unkept:
        broken = f"{sending.unkept} refusals did not bring the answers back"
    if not broken and not enough:
        broken = "the fault did not happen"
    return Line(
        done=done,
        sent=len(sending.sent),
        acknowledged=len(acknowledged),
        stored=stored,
        lost=lost,
        doubled=doubled,
        answers_of_500=site.answers_of_500,
        broken=broken,
    )
