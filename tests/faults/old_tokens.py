"""Forms that were open for too long: each comes back with what was typed, and is accepted at the second try."""

import html

from tests.faults.patient import CANARY, TOKEN, Patient, answers_of_somebody
from tests.faults.senders import Sending, line_of
from tests.faults.table import Line

OLD = "x" * 64


def run(lab) -> Line:
    with lab.site("old-tokens") as site:
        sending, faults = Sending(site), []
        for cookie in ("another", "none"):
            patient, answers = Patient(site), answers_of_somebody()
            sending.sent.append(answers)
            again = expired(patient, "/consult/", answers, cookie, faults)
            if again.status != 302:
                faults.append(f"/consult/ again {again.status}")
        patient = Patient(site)
        answers, code = patient.send_request()
        sending.sent.append(answers)
        expired(Patient(site), "/consult/code/", {"email": answers["email"], "reference": ""}, "another", faults)
        if expired(patient, "/consult/status/", {"code": code}, "another", faults).status != 302:
            faults.append("/consult/status/ again")
        form = "/consult/status/"
        named = patient.hidden(form)["for_request"]
        message = {"key": answers["key"], "text": f"{CANARY} message", "for_request": named}
        if expired(patient, "/consult/status/message/", message, "another", faults, form=form).status != 302:
            faults.append("/consult/status/message/ again")
        done = f"5 forms sent with an old token, then with the new one: {len(faults)} lost what was typed"
        return line_of(site, sending, sending.sent, done, enough=True, broken=", ".join(faults))


def expired(patient, path, typed, cookie, faults, form=None):
    """Sends a form with an old token, checks that all that was typed comes back, and sends that again."""
    patient.ask(form or path)
    if cookie == "none":
        patient.cookies.pop("__Host-csrf", None)
    refused = patient.ask(path, "POST", typed | {"csrfmiddlewaretoken": OLD})
    page = html.unescape(refused.text)
    kept = all(value in page for value in typed.values() if isinstance(value, str) and value not in ("", "on"))
    if refused.status != 403 or not kept:
        faults.append(f"{path} {refused.status}")
    token = TOKEN.search(refused.text)
    return patient.ask(path, "POST", typed | {"csrfmiddlewaretoken": html.unescape(token[1]) if token else ""})
