"""Ten thousand requests that no browser sends, to every address that opens without a login."""

import random
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

from tests.addresses import FORM_PAGES, READING_PAGES, RECORD_PAGES
from tests.faults.malformed_requests import a_request
from tests.faults.patient import Patient
from tests.faults.stored import inside
from tests.faults.table import Line

# 501 and 505 are what gunicorn says to an encoding or a version of HTTP that it does not know.
REFUSALS = {501, 505}
REQUESTS, CLIENTS, SEED = 10_000, 8, 20_261_122
# One address of each kind that the site has, with every parameter filled in.
ADDRESSES = """
import re
from django.urls import get_resolver
filled = {"uuid": "0b0e7a5c-3f2a-4c59-8d5f-3d1f2d9b5a11", "int": "1", "str": "x", "slug": "acne", "path": "x"}
def walk(resolver, before=""):
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from walk(entry, here)
        else:
            yield here
def fill(route):
    route = re.sub(r"<(?:(\\w+):)?\\w+>", lambda found: filled.get(found[1] or "str", "x"), route)
    return "/" + re.sub(r"\\(\\?P<\\w+>[^)]*\\)|[\\^$?()\\\\]", "", route)
result = sorted({fill(route) for route in walk(get_resolver())})
"""


def run(lab) -> Line:
    with lab.site("malformed") as site:
        addresses = [*READING_PAGES, *FORM_PAGES, *RECORD_PAGES, *inside(site, ADDRESSES)]
        before = site.web_workers()
        visitors = [visitor(site) for _number in range(CLIENTS)]
        outcomes, errors = {}, []
        lock = threading.Lock()

        def some(client):
            dice = random.Random(SEED + client)  # noqa: S311  the same requests in every run
            for _number in range(lab.number(REQUESTS) // CLIENTS):
                request = a_request(dice, addresses, visitors[client], client)
                status = answer_to(site, request)
                site.saw(status)
                with lock:
                    outcomes[status] = outcomes.get(status, 0) + 1
                    if isinstance(status, int) and status >= 500 and status not in REFUSALS:
                        errors.append((status, request))

        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(some, range(CLIENTS)))
        died = len(set(before) - set(site.web_workers()))
        alive = Patient(site).ask("/").status == 200
        said = ", ".join(
            f"{count} × {status}" for status, count in sorted(outcomes.items(), key=lambda item: -item[1])[:8]
        )
        broken = "" if alive and not died else f"{died} workers died"
        if silent := outcomes.get("silence", 0):
            broken = f"{silent} had no answer in 20 s"
        if errors:
            status, request = errors[0]
            broken = f"{len(errors)} errors of the server, as {status} to {request[:80]!a}"
        return Line(
            done=f"{len(set(addresses))} addresses, public, of the login and of admin: {said}",
            sent=sum(outcomes.values()),
            answers_of_500=site.answers_of_500,
            broken=broken,
        )


def visitor(site):
    """Valid cookies, a valid token and a visit to a request: so that more than refusals is reached."""
    patient = Patient(site)
    _answers, code = patient.send_request()
    patient.post("/consult/status/", {"code": code})
    return patient, patient.token("/consult/")


def answer_to(site, request: bytes):
    """The status; "closed" if the server hung up without an answer, "silence" if it sent nothing."""
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
            connection.settimeout(20)
            try:
                connection.sendall(request)
                # No more follows, whatever Content-Length promised.
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                # Refused before all was sent; the answer may be there.
                pass
            while len(answer) < 13 and (more := connection.recv(4096)):
                answer += more
            # To the end, as a browser reads.
            while connection.recv(65536):
                pass
    except TimeoutError:
        return "silence"
    except OSError:
        # Hung up; what came before that counts.
        pass
    status = answer[9:12]
    return int(status) if status.isdigit() else "closed"
