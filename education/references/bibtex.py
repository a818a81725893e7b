"""BibTeX as Zotero, Mendeley, EndNote and publishers write it, read with bibtexparser 2."""

import re

import bibtexparser
from bibtexparser.middlewares import LatexDecodingMiddleware, NormalizeFieldKeys, SeparateCoAuthors, SplitNameParts
from bibtexparser.middlewares.middleware import BlockMiddleware
from bibtexparser.model import DuplicateBlockKeyBlock, Entry
from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.exceptions import Unreadable
from education.references.identifiers import clean_doi, clean_pmcid, clean_pmid
from education.references.names import vancouver_name
from education.references.record import AUTHORS_KEPT, Record, pages, plain, year_of

TYPES = {
    "book": ReferenceType.BOOK,
    "proceedings": ReferenceType.BOOK,
    "incollection": ReferenceType.CHAPTER,
    "inbook": ReferenceType.CHAPTER,
    "techreport": ReferenceType.GUIDELINE,
    "report": ReferenceType.GUIDELINE,
    "online": ReferenceType.WEB_PAGE,
    "www": ReferenceType.WEB_PAGE,
    "electronic": ReferenceType.WEB_PAGE,
}
CONTAINERS = ["journaltitle", "journal", "booktitle", "howpublished"]
PUBLISHERS = ["publisher", "institution", "organization", "school"]
# Decoding takes most of the time, and abstracts would take most of the decoding.
READ = {
    *CONTAINERS, *PUBLISHERS, "author", "editor", "title", "doi", "url", "urldate", "eprint", "eprinttype", "edition",
    "date", "year", "location", "address", "number", "issue", "volume", "pages", "eid", "article-number", "pmid",
    "pmcid", "pmc",
}  # fmt: skip
# More characters than a hundred authors have; no other field that is kept has a tenth of it.
LONGEST_VALUE = 20_000
# How Crossref and Zotero write the markup of a title; the LaTeX decoder does not know it.
ANGLE = re.compile(r"\{\\text(less|greater)\}|\\text(less|greater)(?:\{\}|\s?)")
BLOCK = re.compile(r"@\s*\w+\s*[{(]")
MARK = re.compile(r'[{}",=\n]')
COMMAND = re.compile(r"[\\$]")
AND = re.compile(r"\sand\s")
# What an export of 500 papers has, several times over. The parser needs up to a millisecond for each of them.
MOST_BLOCKS, MOST_MARKS, MOST_COMMANDS, MOST_ANDS = 1_000, 150_000, 30_000, 25_000
INITIALS_AS_SURNAME = re.compile(r"[A-Z]{1,3}")


def is_too_much(text: str) -> bool:
    """Whether the parser would be busy for a minute, and the server with it."""
    limits = ((BLOCK, MOST_BLOCKS), (MARK, MOST_MARKS), (COMMAND, MOST_COMMANDS), (AND, MOST_ANDS))
    return any(len(pattern.findall(text)) > most for pattern, most in limits)


class _OnlyWhatIsRead(BlockMiddleware):
    """Leaves out the fields that nobody looks at, and cuts what is longer than any name."""

    def transform_entry(self, entry, library):
        entry.fields = [field for field in entry.fields if field.key.casefold() in READ]
        for field in entry.fields:
            if isinstance(field.value, str):
                field.value = field.value[:LONGEST_VALUE]
        return entry


def read(text: str) -> list[tuple[str, Record | Unreadable]]:
    """A name to show for each entry, and its record, or why there is none."""
    # Accents are decoded before names are split, or they would stay; braces must stay until then, because in
    # {World Health Organization} they hold a name together.
    reading = [
        _OnlyWhatIsRead(),
        NormalizeFieldKeys(),
        LatexDecodingMiddleware(keep_braced_groups=True, keep_math_mode=False),
        SeparateCoAuthors(),
        SplitNameParts(),
    ]
    library = bibtexparser.parse_string(ANGLE.sub(_angle, text), append_middleware=reading)
    found = []
    for block in library.blocks:
        if isinstance(block, DuplicateBlockKeyBlock):
            # Two papers under one key of the person who exported them are two papers all the same.
            found += read(block.raw)
        elif isinstance(block, Entry):
            fields = {field.key: field.value for field in block.fields}
            found.append((_text(fields, "title") or block.key, _record(block.entry_type.casefold(), fields)))
        elif getattr(block, "error", None) is not None:
            beginning = " ".join((block.raw or "").split())[:80]
            trouble = _("It is not written as BibTeX asks: a brace, a quote or a comma is missing or too many.")
            found.append((beginning, Unreadable(trouble)))
    return found


def _record(kind, fields):
    authors = _names(fields.get("author") or fields.get("editor"))
    doi = clean_doi(_text(fields, "doi"))
    url = _text(fields, "url")
    if not doi and "doi.org/" in url:
        doi = clean_doi(url)
    default = ReferenceType.WEB_PAGE if kind == "misc" and url and not doi else ReferenceType.ARTICLE
    eprint = _text(fields, "eprint") if _text(fields, "eprinttype").casefold() == "pmid" else ""
    truncated = bool(authors) and authors[-1].casefold() == "others"
    authors = authors[:-1] if truncated else authors
    return Record(
        type=TYPES.get(kind, default).value,
        authors=authors[:AUTHORS_KEPT],
        et_al=truncated or len(authors) > AUTHORS_KEPT,
        title=_text(fields, "title"),
        container_title=_first(fields, CONTAINERS),
        publisher=_first(fields, PUBLISHERS),
        publisher_place=_first(fields, ["location", "address"]),
        edition=_text(fields, "edition"),
        year=year_of(_first(fields, ["date", "year"])),
        volume=_text(fields, "volume"),
        issue=_first(fields, ["number", "issue"]),
        page=pages(_first(fields, ["pages", "eid", "article-number"])),
        doi=doi,
        pmid=clean_pmid(_text(fields, "pmid") or eprint),
        pmcid=clean_pmcid(_first(fields, ["pmcid", "pmc"])),
        url="" if doi or not url.startswith(("https://", "http://")) else url,
        accessed=_text(fields, "urldate"),
    )


def _names(people):
    if not isinstance(people, list):
        return [_bare(people)] if isinstance(people, str) and _bare(people) else []
    names = []
    for person in people:
        family = _bare(" ".join([*person.von, *person.last]))
        if INITIALS_AS_SURNAME.fullmatch(family) and person.first:
            # “Zhao Y” is Vancouver style in a place where BibTeX expects “Y. Zhao”.
            names.append(" ".join([_bare(" ".join(person.first)), family]))
            continue
        if name := vancouver_name(family, _bare(" ".join(person.first)), _bare(" ".join(person.jr))):
            names.append(name)
    return names


def _angle(match):
    return "<" if "less" in match.groups() else ">"


def _first(fields, names):
    return next((text for name in names if (text := _text(fields, name))), "")


def _text(fields, name):
    value = fields.get(name)
    return _bare(value) if isinstance(value, str | int) else ""


def _bare(text):
    """Without the braces that told BibTeX to leave capitals alone."""
    return plain(str(text).replace("{", "").replace("}", ""))
