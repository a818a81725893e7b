"""After all the other faults: what people typed is in no log, mail, audit event or file of the database."""

from tests.faults.lab import wait_for
from tests.faults.patient import CANARY, POST_CANARY, Patient
from tests.faults.table import Line

# Texts of the tables that hold no encrypted text; `detail` and `last_error` are where one could have slipped in.
TEXTS = [
    "SELECT action || actor || reference || detail FROM audit_auditevent",
    "SELECT message_id || last_error FROM mail_notification",
    "SELECT reference || email_index FROM consultations_inquiry",
]
CIPHERTEXTS = "SELECT name, email, skin_problem, question FROM consultations_inquiry ORDER BY id LIMIT 1"


def run(lab) -> Line:
    if lab.cluster:
        # A checkpoint, so that the files hold what the database holds.
        lab.cluster.checkpoint()
    found = {
        "logs": sum(times_in(path) for site in lab.sites for path in site.folder.glob("*.log")),
        "mails": sum(canaries_in(mail) for server in lab.mail_servers for mail in server.mails),
        "database files": sum(times_in(path) for path in database_files(lab)),
    }
    with lab.site("canaries") as site:
        words_of_tables = [str(row) for text in TEXTS for row in site.sql(text)]
        found["tables"] = sum(word.count(CANARY) + word.count(POST_CANARY) for word in words_of_tables)
        left, broken = after_erasure(lab, site)
        read = len(lab.sites), sum(len(server.mails) for server in lab.mail_servers), len(database_files(lab))
        return Line(
            done=f"logs of {read[0]} sites, {read[1]} mails, {read[2]} database files searched for what was typed; "
            f"{left} ciphertexts found in the files after erasing",
            canaries=sum(found.values()) + left,
            answers_of_500=site.answers_of_500,
            broken=broken or ", ".join(f"{count} in {where}" for where, count in found.items() if count),
        )


def after_erasure(lab, site):
    """Ciphertexts of a request that its patient erased, still in the files. PostgreSQL needs a VACUUM first."""
    patient = Patient(site)
    _answers, code = patient.send_request()
    ciphertexts = [bytes(text, "ascii") for text in site.sql(CIPHERTEXTS)[0]]
    # They are found before the erasure: this shows that the search works.
    before = times_in_tables(lab, site, ciphertexts)
    patient.post("/consult/status/", {"code": code})
    erased = patient.post("/consult/status/erase/", {"understood": "yes"})
    gone = wait_for(lambda: not site.sql("SELECT 1 FROM consultations_inquiry"), 10)
    if lab.cluster:
        site.sql("VACUUM")
    left = times_in_tables(lab, site, ciphertexts)
    return left, "" if before and gone and erased.status == 302 else "the request was not erased"


def times_in_tables(lab, site, texts):
    if lab.cluster:
        lab.cluster.checkpoint()
        # The write-ahead log is kept for some time (docs/operators.md): only the tables are searched.
        files = [path for path in database_files(lab) if "pg_wal" not in path.parts]
    else:
        files = list(site.folder.glob("gutskin.sqlite3*"))
    return sum(text in path.read_bytes() for path in files for text in texts)


def database_files(lab):
    if lab.cluster:
        return [path for path in lab.cluster.data.rglob("*") if path.is_file()]
    return [path for site in lab.sites for path in site.folder.glob("gutskin.sqlite3*")]


def times_in(path):
    content = path.read_bytes()
    return content.count(CANARY.encode()) + content.count(POST_CANARY.encode())


def canaries_in(mail):
    """The address may be in the To header, and nowhere else."""
    words = mail.content.decode(errors="replace") + str(mail.message)
    body = "\n".join(part.get_content() for part in mail.message.walk() if part.get_content_maintype() == "text")
    return words.count(CANARY) + body.count(CANARY) + body.count(POST_CANARY)
