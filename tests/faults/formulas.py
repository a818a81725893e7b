"""CSV injection: what a spreadsheet takes for a formula, in every text that can get into an exported file."""

import csv
import io
import re

from tests.faults.patient import Patient
from tests.faults.staff import an_account, log_in
from tests.faults.stored import inside
from tests.faults.table import Line

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "a;=1+1",
    '"=1+1"',
]
DANGEROUS = re.compile(r"[\s\"\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
TITLES = """
from django.contrib.auth.models import Group, User
from django.utils import timezone
from consultations.models import Inquiry
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent
from education.models import Article, Revision
articles = list(Article.objects.filter(live__isnull=False))
for formula, article in zip(given["formulas"], articles):
    Article.objects.filter(pk=article.pk).update(title=formula)
    Revision.objects.filter(pk=article.live_id).update(title=formula)
for number, inquiry in enumerate(Inquiry.objects.all()):
    Inquiry.objects.filter(pk=inquiry.pk).update(condition=articles[number % len(articles)])
for formula in given["formulas"]:
    record(AuditEvent.Action.LOGIN_FAILED, by=formula, detail=formula)
result = len(articles)
"""
FIGURES = """
from consultations.figures import all_figures
result = [figure.key for figure in all_figures()]
"""
INQUIRIES, AUDIT = "/admin/consultations/inquiry/", "/admin/audit/auditevent/"


def run(lab) -> Line:
    with lab.site("formulas") as site:
        for formula in FORMULAS:
            Patient(site).send_request(name=f"{formula} someone", phone=formula)
        inside(site, TITLES, formulas=FORMULAS)
        an_account(site, "ines", "Intake coordinator", first_name="=1+1", last_name="@SUM(1)")
        an_account(site, "+priya", "Privacy lead")
        coordinator, privacy_lead = log_in(site, "ines"), log_in(site, "+priya")
        files = [Patient(site).ask("/evidence.csv")]
        for key in inside(site, FIGURES):
            files.append(coordinator.post(f"{INQUIRIES}figures/save/", {"figure": key}, form=f"{INQUIRIES}figures/"))
        files.append(coordinator.post(f"{INQUIRIES}save/", {}, form=f"{INQUIRIES}figures/"))
        files.append(privacy_lead.post(f"{AUDIT}export/", {}, form=AUDIT))
        cells = [cell for file in files for cell in cells_of(file)]
        dangerous = [
            cell for cell in cells if DANGEROUS.match(cell) or any(DANGEROUS.match(part) for part in cell.split(";"))
        ]
        answered = [file.status for file in files if file.status != 200]
        made_safe = sum(cell.startswith("'") for cell in cells)
        return Line(
            done=f"{len(FORMULAS)} formulas in titles, names and audit events; {len(files)} files with "
            f"{len(cells)} cells, {made_safe} made safe, {len(dangerous)} formulas",
            answers_of_500=site.answers_of_500,
            broken="; ".join([f"not saved: {answered}"] * bool(answered) + [repr(cell) for cell in dangerous[:3]])
            or ("" if made_safe else "no formula got into a file"),
        )


def cells_of(file):
    if file.status != 200:
        return []
    rows = csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline=""))
    return [cell for row in rows for cell in row]
