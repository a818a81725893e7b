"""Import of MEDLINE text, as PubMed saves it (.nbib) and as reference managers copy it."""

import re

from django.utils.translation import gettext as _

from education.references.exceptions import Unreadable
from education.references.identifiers import clean_doi, clean_pmcid, clean_pmid
from education.references.names import parse_name
from education.references.record import MOST_AUTHORS, Notice, Record, pages, plain, year_of

# “PMID- 31415926”, “TI  - A title”. Further lines of a value begin with six spaces.
LINE = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)")
BEGINNING = re.compile(r"PMID- ?\d")
NOTICES = {"RIN": "retraction", "ECI": "concern", "EIN": "correction"}


def is_medline(text: str) -> bool:
    return any(BEGINNING.match(line) for line in text.splitlines())


def count(text: str) -> int:
    return sum(bool(BEGINNING.match(line)) for line in text.splitlines())


def read(text: str) -> list[tuple[str, Record | Unreadable]]:
    """For each entry a label to show and its Record."""
    entries = []
    for line in text.splitlines():
        found = LINE.fullmatch(line.rstrip())
        if BEGINNING.match(line):
            entries.append([])
        if entries and found:
            entries[-1].append([found[1], found[2]])
        elif entries and entries[-1] and line.startswith("      "):
            entries[-1][-1][1] += f" {line.strip()}"
    return [_labelled(fields, number) for number, fields in enumerate(entries, 1)]


def _labelled(fields, number):
    values = {}
    for tag, value in fields:
        values.setdefault(tag, []).append(plain(value))
    record = _record(values)
    return record.title or _("Entry %(number)s") % {"number": number}, record


def _record(values):
    def first(*tags):
        return next((value for tag in tags for value in values.get(tag, []) if value), "")

    # FAU has the full names, AU what PubMed makes of them; a group is CN.
    authors = [parse_name(name) for name in values.get("FAU") or values.get("AU", [])] + values.get("CN", [])
    numbers = [value for tag in ("LID", "AID") for value in values.get(tag, [])]
    return Record(
        authors=authors[:MOST_AUTHORS],
        et_al=len(authors) > MOST_AUTHORS,
        title=first("TI", "BTI").removesuffix("."),
        container_title=first("JT", "TA"),
        year=year_of(first("DP")),
        volume=first("VI"),
        issue=first("IP"),
        page=pages(first("PG")) or _marked(numbers, "[pii]"),
        doi=clean_doi(_marked(numbers, "[doi]")),
        pmid=clean_pmid(first("PMID")),
        pmcid=clean_pmcid(first("PMC")),
        notices=[Notice(kind, where) for tag, kind in NOTICES.items() for where in values.get(tag, [])],
    )


def _marked(numbers, mark):
    return next((value.removesuffix(mark).strip() for value in numbers if value.endswith(mark)), "")
