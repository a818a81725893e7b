"""Preprints, by their server or by their DOI: many files call them articles of a journal."""

import re

from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.record import Record

# By what their names begin with. PubMed adds “: the preprint server for health sciences”.
SERVERS = re.compile(
    r"(?:\w{0,10}[ar]xiv|research square|ssrn|authorea|preprints(?:\.org)?|(?:osf|jmir|scielo) preprints)\b",
    re.IGNORECASE,
)
DOIS = [
    (re.compile(r"10\.1101/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8}"), ""),  # bioRxiv or medRxiv; the same beginning for both
    (re.compile(r"10\.64898/\d{4}\.\d\d\.\d\d\.\d{6,8}"), ""),
    (re.compile(r"10\.48550/arxiv\."), "arXiv"),
    (re.compile(r"10\.21203/rs\."), "Research Square"),
    (re.compile(r"10\.20944/preprints"), "Preprints.org"),
    (re.compile(r"10\.2139/ssrn\."), "SSRN"),
    (re.compile(r"10\.31234/osf\.io"), "PsyArXiv"),
    (re.compile(r"10\.31219/osf\.io"), "OSF Preprints"),
    (re.compile(r"10\.26434/chemrxiv"), "ChemRxiv"),
    (re.compile(r"10\.22541/au\."), "Authorea"),
    (re.compile(r"10\.2196/preprints\."), "JMIR Preprints"),
]


def recognise(record: Record) -> None:
    """Make a record a preprint if its server or its DOI says so, and its server the container; says so in a remark."""
    server = next((name for name in (record.container_title, record.publisher) if SERVERS.match(name)), "")
    by_doi = next((name for pattern, name in DOIS if pattern.match(record.doi.casefold())), None)
    if record.type != ReferenceType.PREPRINT and (server or by_doi is not None):
        if record.type not in {ReferenceType.ARTICLE, ReferenceType.WEB_PAGE, ReferenceType.GUIDELINE}:
            record.posted = ""
            return
        record.type = ReferenceType.PREPRINT.value
        record.remarks.append(_("It was taken for a preprint, because of its server or its DOI."))
    if record.type != ReferenceType.PREPRINT:
        # The day of a paper in a journal is not stored.
        record.posted = ""
    else:
        record.container_title = server.partition(" : ")[0] or by_doi or record.container_title or record.publisher
