"""Someone who can write to the database, and has no key, swaps what says who may open a request."""

from tests import production
from tests.faults.patient import Patient
from tests.faults.senders import Sending, line_of
from tests.faults.table import Line

STATUS = "/consult/status/"
# What is swapped between two requests, column by column.
SWAPS = [
    ["receipt_digest"],
    ["receipt_digest", "seal"],
    ["receipt_digest", "email_index", "seal"],
    ["reference", "receipt_digest", "email_index", "seal"],
]


def run(lab) -> Line:
    with lab.site("swapped-rows") as site:
        sending, faults, codes = Sending(site), [], []
        for _ in range(2):
            answers, code = Patient(site).send_request()
            sending.sent.append(answers)
            codes.append(code)
        if not all(opens(site, code) for code in codes) or reported(site):
            faults.append("the rows do not open before anything was done")
        for columns in SWAPS:
            swap(site, columns)
            if any(opens(site, code) for code in codes):
                faults.append(f"{' and '.join(columns)} swapped: opened")
            if reported(site) != 2:
                faults.append(f"{' and '.join(columns)} swapped: {reported(site)} reported")
            swap(site, columns)
        if not all(opens(site, code) for code in codes) or reported(site):
            faults.append("the rows do not open after everything was put back")
        done = (
            f"the columns that say who may open a request swapped between two, in {len(SWAPS)} ways: "
            f"{len(faults)} opened something or escaped verify_audit_log"
        )
        return line_of(site, sending, sending.sent, done, enough=True, broken="; ".join(faults))


def opens(site, code):
    patient = Patient(site)
    answer = patient.ask(STATUS, "POST", {"code": code, "csrfmiddlewaretoken": patient.token(STATUS)})
    return answer.status == 302 and patient.ask(STATUS).status == 200 and "__Host-visit" in patient.cookies


def reported(site):
    """How many requests `verify_audit_log` names as altered."""
    done = production.run("manage.py", "verify_audit_log", env=site.env)
    found = f"{done.stdout}{done.stderr}".count("was changed by hand")
    assert bool(found) == bool(done.returncode), done.stderr
    return found


def swap(site, columns):
    """Row for row. Each column is unique or may be, so it passes through a value that no request has."""
    names = ", ".join(columns)
    rows = site.sql(f"SELECT id, {names} FROM consultations_inquiry ORDER BY id")  # noqa: S608  our own names
    (one, *first), (other, *second) = rows
    for number, column in enumerate(columns):
        put(site, other, column, f"GS-TEMP-TEM{number}")
        put(site, one, column, second[number])
        put(site, other, column, first[number])


def put(site, row, column, value):
    site.sql(f"UPDATE consultations_inquiry SET {column} = '{value}' WHERE id = {row}")  # noqa: S608  our own values
