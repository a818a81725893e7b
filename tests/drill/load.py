"""Visitors at nginx, each from an address of its own, who come while something is done to the site."""

import http.client
import re
import threading
import time
from collections import Counter

from tests import proxy
from tests.faults.patient import CODE, TOKEN, Patient, answers_of_somebody
from tests.faults.stored import compare

CLIENTS = 4
PAGES = ("/", "/conditions/", "/conditions/acne/", "/evidence/", "/search/?q=itch", "/glossary/", "/about/")
STATIC = re.compile(r"/static/[\w/.-]+\.[0-9a-f]{12}\.\w+")
# nginx's own error page has its own style sheet.
OF_NGINX = "/error-pages/error.css"


class Visitor(Patient):
    """nginx counts by address, and the whole of 127.0.0.0/8 is this machine."""

    def __init__(self, site):
        super().__init__(site)
        self.address = self.address.replace("10.", "127.", 1)

    def connection(self):
        return proxy.connection(*self.site.proxy, source=self.address)


class Load:
    """Constant load while its block runs. `tolerates_503`: a page of ours that says to try again is no failure."""

    def __init__(self, stack, *, tolerates_503=False):
        self.stack, self.tolerates_503 = stack, tolerates_503
        self.statuses, self.failures, self.acknowledged, self.without_code = Counter(), [], [], 0
        self._lock, self._over = threading.Lock(), threading.Event()
        self._clients = [threading.Thread(target=self._client, args=[number]) for number in range(CLIENTS)]

    def __enter__(self):
        for client in self._clients:
            client.start()
        return self

    def __exit__(self, *error):
        self._over.set()
        for client in self._clients:
            client.join()

    @property
    def sent(self):
        return self.statuses.total()

    @property
    def failed(self):
        return len(self.failures) + self.without_code

    def wait_for(self, number, within=120):
        """Until this many more requests were sent."""
        wanted, deadline = self.sent + number, time.monotonic() + within
        while self.sent < wanted:
            assert time.monotonic() < deadline, f"Only {self.sent} requests were sent."
            time.sleep(0.05)

    def problem(self) -> str:
        """What went wrong, in words; empty if nothing did. Asks the database what is stored."""
        _stored, lost, doubled = compare(self.stack, self.acknowledged)
        examples = ", ".join(f"{count} × {what}" for what, count in Counter(self.failures).most_common(3))
        found = [
            examples,
            self.without_code and f"{self.without_code} receipts without a code",
            lost and f"{lost} requests lost",
            doubled and f"{doubled} stored twice",
            not self.acknowledged and "no request was acknowledged",
        ]
        return "; ".join(part for part in found if part)

    def _client(self, number):
        while not self._over.is_set():
            visitor = Visitor(self.stack)
            for page in range(3):
                self._read(visitor, PAGES[(number + page) % len(PAGES)])
            number += 1
            if number % 3 == 0:
                self._send(visitor)

    def _read(self, visitor, path):
        response = self._ask(visitor, path)
        if response and response.status == 200 and (static := STATIC.search(response.text)):
            self._ask(visitor, static[0])

    def _send(self, visitor):
        """A request, and the page with its receipt code."""
        form = self._ask(visitor, "/consult/")
        # A page that says to try again has none.
        if not form or not (token := TOKEN.search(form.text)):
            return
        answers = answers_of_somebody()
        response = self._ask(visitor, "/consult/", "POST", answers | {"csrfmiddlewaretoken": token[1]})
        if not response or response.status != 302:
            return
        receipt = self._ask(visitor, response.headers["Location"])
        with self._lock:
            self.acknowledged.append(answers)
            if receipt and receipt.status == 200 and not CODE.search(receipt.text):
                self.without_code += 1

    def _ask(self, visitor, path, method="GET", body=None):
        """The answer, or None if the connection broke. Counted either way."""
        time.sleep(0.08)
        try:
            response = visitor.ask(path, method, body)
        except (OSError, http.client.HTTPException) as error:
            self._count(0, f"{method} {path}: {type(error).__name__}")
            return None
        self._count(response.status, "" if self._is_well(response) else f"{method} {path}: {response.status}")
        return response

    def _is_well(self, response):
        is_ours = OF_NGINX not in response.text
        return response.status in (200, 302, 304) or (self.tolerates_503 and response.status == 503 and is_ours)

    def _count(self, status, failure):
        with self._lock:
            self.statuses[status] += 1
            if failure:
                self.failures.append(failure)
