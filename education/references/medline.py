"""Import of MEDLINE text, as PubMed saves it (.nbib) and as reference managers copy it."""

import re

from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.exceptions import Unreadable
from education.references.identifiers import clean_doi, clean_pmcid, clean_pmid
from education.references.names import parse_name
from education.references.notices import Notice
from education.references.pubmed_record import ABOUT_ANOTHER, NOT_TRANSLATED
from education.references.record import MOST_AUTHORS, Record, day_of, pages, plain, year_of

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

    # FAU has the full names, AU what PubMed makes of them; a group is CN. A book without authors has editors.
    people = next((values[tag] for tag in ("FAU", "AU", "FED", "ED") if values.get(tag)), [])
    authors = [parse_name(name) for name in people] + values.get("CN", [])
    numbers = [value for tag in ("LID", "AID") for value in values.get(tag, [])]
    types, book = set(values.get("PT", [])), first("BTI").removesuffix(".")
    record = Record(
        type=_type(types, book, first("TI")).value,
        authors=authors[:MOST_AUTHORS],
        et_al=len(authors) > MOST_AUTHORS,
        container_title=first("JT", "TA") or (book if first("TI") else ""),
        publisher=first("PB"),
        # For a journal, PL is the country in which it is published.
        publisher_place=first("PL") if book else "",
        edition=first("EN"),
        year=year_of(first("DP")) or year_of(first("DEP")[:4]),
        volume=first("VI"),
        issue=first("IP"),
        page=pages(first("PG")) or _marked(numbers, "[pii]"),
        doi=clean_doi(_marked(numbers, "[doi]")),
        pmid=clean_pmid(first("PMID")),
        pmcid=clean_pmcid(first("PMC")),
        posted=day_of([day[:4], day[4:6], day[6:]]) if (day := first("DEP")) else "",
        notices=[Notice(kind, where) for tag, kind in NOTICES.items() for where in values.get(tag, [])],
    )
    record.title = _title(first("TI") or book, first("TT"), record.remarks)
    if "Retracted Publication" in types and not any(notice.kind == "retraction" for notice in record.notices):
        record.notices.append(Notice("retraction", _("PubMed calls it a retracted publication")))
    if named := sorted(types & ABOUT_ANOTHER):
        record.is_notice = True
        record.remarks.append(_("PubMed calls it “%(kind)s”: it is a notice, not the paper.") % {"kind": named[0]})
    return record


def _type(types, book, title):
    if "Preprint" in types:
        return ReferenceType.PREPRINT
    if book:
        return ReferenceType.CHAPTER if title else ReferenceType.BOOK
    return ReferenceType.ARTICLE


def _title(title, original, remarks):
    if original and (not title or NOT_TRANSLATED.fullmatch(title)):
        remarks.append(_("PubMed has no English title; it was left in its own language."))
        title = original
    if NOT_TRANSLATED.fullmatch(title):
        return ""
    title = title.removesuffix(".")
    # PubMed puts brackets around the translation of a title.
    return title[1:-1] if title.startswith("[") and title.endswith("]") else title


def _marked(numbers, mark):
    return next((value.removesuffix(mark).strip() for value in numbers if value.endswith(mark)), "")
