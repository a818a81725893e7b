"""Forms with more text than we take, fast and slow, directly and through nginx: a page, never a broken connection."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from tests import proxy
from tests.faults.patient import HOST, Patient, answers_of_somebody
from tests.faults.table import Line
from tests.faults.upload_zoo import multipart

CHARACTERS = 100_000
TEXTS = ("skin_problem", "gut_details", "tried", "question")
# As many fields as before the limit of a megabyte, around it, and at the most that a page still keeps.
FIELDS = (9, 10, 12, 16, 20)
SPEED = 1_000_000  # bytes a second


def run(lab) -> Line:
    with lab.site("large-bodies") as site, proxy.proxying(site.folder / "nginx", site.port) as (port, certificate):
        ways = {"directly": (site.port,), "through nginx": (port, certificate)}
        tries = [(way, fields, speed) for way in ways for fields in FIELDS for speed in (None, SPEED)]
        with ThreadPoolExecutor(4) as patients:
            found = list(patients.map(lambda a: outcome(site, ways[a[0]], a[1], a[2]), tries))
        broken = [
            f"{fields} fields {way}, {'slow' if speed else 'fast'}: {what}"
            for (way, fields, speed), what in zip(tries, found, strict=True)
            if what not in ("200", "413")
        ]
        return Line(
            done=f"forms with {FIELDS[0]} to {FIELDS[-1]} texts of {CHARACTERS:,} characters, fast and at 1 MB/s, "
            f"{' and '.join(ways)}: {found.count('413')} × 413, {found.count('200')} × 200, {len(broken)} without what "
            "was typed",
            sent=len(tries),
            answers_of_500=site.answers_of_500,
            broken=", ".join(broken),
        )


def outcome(site, way, fields, speed):
    """The status of the answer if it holds what was typed; otherwise what is wrong."""
    patient = Patient(site)
    names = [*TEXTS, *(f"other{number}" for number in range(fields - len(TEXTS)))]
    form = answers_of_somebody(**{name: f"{name} ".ljust(CHARACTERS, "x") for name in names})
    form |= {"csrfmiddlewaretoken": patient.token(), "gut_symptoms": "bloating"}
    body, content_type = multipart(form, [])
    try:
        status, text = send(patient, way, body, content_type, speed)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    missing = [name for name in TEXTS if f"{name} xxx" not in text]
    return f"{status} without {', '.join(missing)}" if missing else str(status)


def send(patient, way, body, content_type, speed):
    cookies = "; ".join(f"{name}={value}" for name, value in patient.cookies.items())
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": patient.address, "Cookie": cookies}
    headers |= {"Content-Type": content_type, "Content-Length": str(len(body)), "Referer": f"https://{HOST}/"}
    with closing(proxy.connection(*way)) as connection:
        connection.putrequest("POST", "/consult/", skip_host=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        step = speed // 10 if speed else len(body)
        for start in range(0, len(body), step):
            connection.send(body[start : start + step])
            time.sleep(0.1 if speed else 0)
        with connection.getresponse() as response:
            text = response.read().decode(errors="replace")
    patient.site.saw(response.status)
    return response.status, text
