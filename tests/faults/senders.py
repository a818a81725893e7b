"""Patients who send requests, and press the button again until they are acknowledged."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tests.faults.patient import Patient, answers_of_somebody
from tests.faults.stored import compare
from tests.faults.table import Line

CLIENTS = 8


class Sending:
    """What a group of patients has sent. `unkept` counts refusals that did not bring the answers back."""

    def __init__(self, site, max_wait=120, **changes):
        self.site, self.max_wait, self.changes = site, max_wait, changes
        self.sent, self.unavailable, self.unkept = [], 0, 0
        self._lock = threading.Lock()

    def one(self, _number=0):
        """Returns the answers if they were acknowledged, otherwise None."""
        patient, answers, token = Patient(self.site), answers_of_somebody(**self.changes), ""
        with self._lock:
            self.sent.append(answers)
        deadline = time.monotonic() + self.max_wait
        while time.monotonic() < deadline:
            try:
                token = token or patient.token()
                response = patient.ask("/consult/", "POST", answers | {"csrfmiddlewaretoken": token})
            except OSError:
                # The worker was killed, or could not show a form.
                time.sleep(0.02)
                continue
            if response.status == 302:
                return answers
            self._look(response, answers)
            time.sleep(0.05)
        return None

    def _look(self, response, answers):
        with self._lock:
            self.unavailable += response.status == 503
            self.unkept += answers["skin_problem"] not in response.text

    def all(self, number: int):
        """This many patients, eight at a time. Returns what was acknowledged."""
        with ThreadPoolExecutor(CLIENTS) as clients:
            return [answers for answers in clients.map(self.one, range(number)) if answers]


def line_of(site, sending, acknowledged, done, *, enough, broken="") -> Line:
    """The result of a fault during which requests were sent. Adds what must hold for every such fault."""
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
