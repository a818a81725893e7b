"""Sixty slow visitors, through nginx: the others are answered as usual, and no answer is a bare page of nginx."""

import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor

from tests import proxy
from tests.faults.patient import HOST, Patient
from tests.faults.response_times import answering, in_words, times_of, too_slow
from tests.faults.table import Line

CLIENTS, SECONDS = 60, 25
HEAD = f"Host: {HOST}\r\nConnection: close\r\n"
BODY = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 50000\r\n"
# In turn: a head that never ends, the body of a form, and the body of the form that may have photos.
KINDS = [
    f"GET / HTTP/1.1\r\n{HEAD}X-Slow: ",
    f"POST /feedback/1/ HTTP/1.1\r\n{HEAD}{BODY}\r\n",
    f"POST /consult/ HTTP/1.1\r\n{HEAD}{BODY}\r\n",
]


def run(lab) -> Line:
    with lab.site("slow-clients") as site, proxy.proxying(site.folder / "nginx", site.port) as site.proxy:
        usual = times_of(site, seconds=4)
        with answering(site) as during, ThreadPoolExecutor(CLIENTS) as clients:
            answers = list(clients.map(lambda number: drip(site.proxy, number), range(CLIENTS)))
        broken = too_slow(during, usual)
        strange = [answer for answer in answers if answer and not is_ours(answer)]
        if strange:
            broken.append(f"{len(strange)} answers are not ours: {strange[0][:80]!r}")
        Patient(site).send_request()
        return Line(
            done=f"{CLIENTS} clients that send one byte a second or nothing for {SECONDS} s, from as many addresses: "
            f"{in_words(during, usual)}; "
            f"{answers.count('')} were cut off or still waiting, {len(answers) - answers.count('')} got a page of ours",
            sent=CLIENTS,
            answers_of_500=site.answers_of_500,
            broken=", ".join(broken),
        )


def drip(way, number) -> str:
    """What one slow client was answered; empty if it was still sending, or was cut off without a word.

    The second half of them falls silent instead of sending on.
    """
    port, certificate = way
    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False
    # An address of its own: the whole of 127.0.0.0/8 is this machine.
    source = (f"127.0.1.{number + 1}", 0)
    plain = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=source)
    with context.wrap_socket(plain, server_hostname=HOST) as connection:
        connection.sendall(KINDS[number % len(KINDS)].encode())
        connection.settimeout(1)
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            try:
                if number < CLIENTS // 2:
                    connection.sendall(b"a")
                if answer := connection.recv(65536):
                    return answer.decode(errors="replace")
                return ""
            except TimeoutError:
                continue
            except OSError:
                return ""
    return ""


def is_ours(answer):
    return "/error-pages/error.css" in answer or 'lang="en"' in answer
