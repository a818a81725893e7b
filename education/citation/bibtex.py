"""A record as BibTeX, for LaTeX and for reference managers (entry types and fields of the classic styles)."""

import re

from education.citation.confirmed import confirmed
from education.citation.names import person
from education.models import ReferenceType

ENTRY = {
    ReferenceType.ARTICLE: "article",
    ReferenceType.BOOK: "book",
    ReferenceType.CHAPTER: "incollection",
    ReferenceType.GUIDELINE: "techreport",
    ReferenceType.WEB_PAGE: "misc",
}
# By name, because BibTeX counts every brace, a backslash before it or not.
SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
} | {character: f"\\{character}" for character in "&%$#_"}
IN_ADDRESS = {character: f"%{ord(character):02X}" for character in ' \\{}"<>^`|'}
CAPITALS_INSIDE = re.compile(r"\b\w+?[A-Z]\w*")


def bibtex(reference) -> str:
    """One entry with a line feed at its end. Special characters are written out; no value can end its field."""
    record = confirmed(reference)
    container = {
        ReferenceType.ARTICLE: "journal",
        ReferenceType.CHAPTER: "booktitle",
    }.get(record.type, "howpublished")
    publisher = "institution" if record.type == ReferenceType.GUIDELINE else "publisher"
    notes = [record.note, f"PMCID: {record.pmcid}" if record.pmcid else ""]
    fields = {
        "author": _authors(record),
        "title": _title(record.title),
        container: _escaped(record.container_title),
        publisher: _escaped(record.publisher),
        "address": _escaped(record.publisher_place),
        "edition": _escaped(record.edition),
        "year": record.year,
        "volume": _escaped(record.volume),
        "number": _escaped(record.issue),
        "pages": re.sub(r"[-–—]+", "--", _escaped(record.page)),
        "doi": _address(record.doi),
        "pmid": _escaped(record.pmid),
        "url": _address(record.url),
        "urldate": record.accessed.isoformat() if record.accessed else "",
        "note": _escaped(" ".join(filter(None, notes))),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{ENTRY[record.type]}{{{record.key},\n" + ",\n".join(lines) + "\n}\n"


def _authors(record):
    """An organisation stands in braces, else “National Institute” would get a first name."""
    names = [_name(author) for author in record.authors]
    return " and ".join([*names, "others"] if names and record.et_al else names)


def _name(author):
    found = person(author)
    if found is None or " and " in author:
        return f"{{{_escaped(author)}}}"
    return ", ".join(_escaped(part) for part in (found.family, found.suffix, found.given) if part)


def _title(text):
    """Braces keep the capitals inside a word, as in IgE, where a style writes titles small."""
    pieces, end = [], 0
    for match in CAPITALS_INSIDE.finditer(text):
        pieces += [_escaped(text[end : match.start()]), f"{{{_escaped(match[0])}}}"]
        end = match.end()
    return "".join([*pieces, _escaped(text[end:])])


def _escaped(text):
    return "".join(SPECIAL.get(character, character) for character in text)


def _address(text):
    """Programs take DOI and address letter by letter, so that nothing here is escaped in TeX's way."""
    return "".join(IN_ADDRESS.get(character, character) for character in text)
