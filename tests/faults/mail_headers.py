"""Mail header injection: line breaks in every field of forms that cause mail add no header and no recipient."""

from tests.faults.lab import wait_for
from tests.faults.patient import CANARY, POST_CANARY, Patient, answers_of_somebody
from tests.faults.silent_mail_server import WAITING
from tests.faults.table import Line

EVIL = "thief@evil.example"
BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\u2028",
    "\u2029",
    "\x0b",
    "\x0c",
    "\x85",
    "%0d%0a",
    "\\r\\n",
    "=?utf-8?q?=0d=0a?=",
    "\0",
]
HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
FIELDS = ["name", "phone", "email", "key", "topic"]
INTAKE = "intake@localhost"


def run(lab) -> Line:
    server = lab.mail_server()
    with lab.site("mail-headers", EMAIL_URL=server.url) as site:
        sent = acknowledged = 0
        for mark in BREAKS:
            for field in FIELDS:
                answers = answers_of_somebody()
                answers[field] = f"{answers[field]}{mark}Bcc: {EVIL}{mark}{mark}{CANARY}"
                sent += 1
                acknowledged += Patient(site).post("/consult/", answers).status == 302
            quoted = f'"a{mark}Bcc: {EVIL}"@example.org'
            for address in (quoted, f"{POST_CANARY}@example.org{mark}Bcc: {EVIL}", f"{POST_CANARY}@example.org,{EVIL}"):
                sent += 2
                acknowledged += Patient(site).post("/consult/", answers_of_somebody(email=address)).status == 302
                Patient(site).post("/consult/code/", {"email": address, "reference": ""})
        server.up()
        site.start_worker()
        all_left = wait_for(lambda: not site.sql(WAITING), 60)
        server.down()
        faults = [fault for mail in server.mails if (fault := fault_of(mail))]
        if not all_left:
            faults.append("not every mail left")
        return Line(
            done=f"{len(BREAKS)} kinds of line break in {len(FIELDS)} fields and 3 kinds of address; "
            f"{len(server.mails)} mails left, {len(faults)} with another header or recipient",
            sent=sent,
            acknowledged=acknowledged,
            stored=len(site.sql("SELECT 1 FROM consultations_inquiry")),
            answers_of_500=site.answers_of_500,
            broken="; ".join(faults[:3]),
        )


def fault_of(mail):
    names = {name for name, _value in mail.message.items()}
    if strange := names - HEADERS:
        return f"header {', '.join(strange)}"
    if len(mail.recipients) != 1 or EVIL in mail.recipients:
        return f"recipients {mail.recipients}"
    # An address may hold these words before its @, where they do no harm.
    if b"\nBcc:" in mail.content.partition(b"\r\n\r\n")[0]:
        return "Bcc"
    return ""
