"""Two requests of one patient in two tabs: a form of the first tab, sent while the second request is open."""

import uuid

from tests.consultations.upload_zoo import a_jpeg
from tests.faults.patient import CANARY, Patient
from tests.faults.table import Line
from tests.faults.upload_zoo import multipart

STATUS = "/consult/status/"
STATES = [
    "SELECT reference, status, closed_at, email_index FROM consultations_inquiry ORDER BY reference",
    "SELECT purpose, withdrawn_at FROM consultations_consent ORDER BY id",
    "SELECT count(*) FROM consultations_message",
    "SELECT count(*) FROM consultations_attachment",
]


def run(lab) -> Line:
    with lab.site("two-tabs") as site:
        faults, tries = [], 0
        for _ in range(lab.number(20)):
            patient = Patient(site)
            shown, opened = (patient.send_request()[1] for _ in range(2))
            form = open_with(patient, shown)
            open_with(patient, opened)
            before = [site.sql(statement) for statement in STATES]
            for step, fields in steps().items():
                tries += 1
                answer = send(patient, step, form | fields)
                if answer.status != 409:
                    faults.append(f"{step} {answer.status}")
                if fields.get("text", "") not in answer.text:
                    faults.append(f"{step} without the words")
            if [site.sql(statement) for statement in STATES] != before:
                faults.append("something was changed")
            faults += works_where_it_belongs(site, patient, shown)
        return Line(
            done=f"{tries} forms of a request sent while another one was open in a second tab: {len(faults)} did "
            "anything but say so; the message and the erasing then worked on their own page",
            sent=tries,
            answers_of_500=site.answers_of_500,
            broken=", ".join(dict.fromkeys(faults)),
        )


def steps():
    message = {"text": f"{CANARY} It itches again.", "key": str(uuid.uuid4())}
    return {
        "message": message,
        "stay": message,
        "photos": {"add_photos": "1"},
        "contact": {"email": "other@example.org", "phone": "", "age_group": "40-64"},
        "consent": {"purpose": "store_health_data"},
        "withdraw": {},
        "download": {"file": "zip"},
        "erase": {"understood": "yes"},
    }


def open_with(patient, code):
    """Enters a code and returns the hidden fields of the page that it opens."""
    answer = patient.ask(STATUS, "POST", {"code": code, "csrfmiddlewaretoken": patient.token("/consult/")})
    assert answer.status == 302, f"The code was answered with {answer.status}."
    return patient.hidden(STATUS)


def send(patient, step, fields):
    path = f"{STATUS}{step}/"
    if step != "photos":
        return patient.ask(path, "POST", fields)
    body, content_type = multipart(fields, [("arm.jpg", a_jpeg((300, 200)))])
    return patient.ask(path, "POST", body, Content_Type=content_type)


def works_where_it_belongs(site, patient, code):
    """The same forms do their work when their own request is open."""
    form, count = open_with(patient, code), "SELECT count(*) FROM consultations_{}"
    before = [site.sql(count.format(name))[0][0] for name in ("message", "inquiry")]
    send(patient, "message", form | steps()["message"])
    send(patient, "erase", form | steps()["erase"])
    # Erasing takes the message along.
    after = [site.sql(count.format(name))[0][0] for name in ("message", "inquiry")]
    return [] if after == [before[0], before[1] - 1] else ["a form of the open request did nothing"]
