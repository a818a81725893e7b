"""Export of references as BibTeX, RIS and CSL-JSON, for reference managers, LaTeX, pandoc and citeproc.

Each function takes a Reference and exports only what may be passed on, see confirmed_record.py.
"""

import re

from education.citation.confirmed_record import confirmed, person
from education.models import ReferenceType

BIBTEX_TYPES = {
    ReferenceType.ARTICLE: "article",
    ReferenceType.PREPRINT: "misc",
    ReferenceType.BOOK: "book",
    ReferenceType.CHAPTER: "incollection",
    ReferenceType.GUIDELINE: "techreport",
    ReferenceType.WEB_PAGE: "misc",
}
# Braces are written as commands, because BibTeX counts even those with a backslash before them.
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
RIS_TYPES = {
    ReferenceType.ARTICLE: "JOUR",
    ReferenceType.PREPRINT: "UNPB",
    ReferenceType.BOOK: "BOOK",
    ReferenceType.CHAPTER: "CHAP",
    ReferenceType.GUIDELINE: "RPRT",
    ReferenceType.WEB_PAGE: "ELEC",
}


class CitationFormat:
    """Path converter for the file extension: `bib` for BibTeX, `ris` for RIS, `json` for CSL-JSON."""

    regex = "bib|ris|json"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


def bibtex(reference) -> str:
    """One entry, with the types and fields of the classic BibTeX styles.

    Special characters are escaped, so no value can end its field and inject another.
    """
    record = confirmed(reference)
    container = {
        ReferenceType.ARTICLE: "journal",
        ReferenceType.CHAPTER: "booktitle",
    }.get(record.type, "howpublished")
    publisher = "institution" if record.type == ReferenceType.GUIDELINE else "publisher"
    notes = [record.note, f"PMCID: {record.pmcid}" if record.pmcid else ""]
    fields = {
        "author": _bibtex_authors(record),
        "title": _bibtex_title(record.title),
        container: _escaped(record.container_title),
        publisher: _escaped(record.publisher),
        "address": _escaped(record.publisher_place),
        "edition": _escaped(record.edition),
        "year": record.year,
        "volume": _escaped(record.volume),
        "number": _escaped(record.issue),
        # BibTeX styles expect an en dash, which is written as two hyphens.
        "pages": re.sub(r"[-–—]+", "--", _escaped(record.page)),
        "doi": _address(record.doi),
        "pmid": _escaped(record.pmid),
        "url": _address(record.url),
        "urldate": record.accessed.isoformat() if record.accessed else "",
        # The classic styles have no field for a PMCID, but print notes.
        "note": _escaped(" ".join(filter(None, notes))),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{BIBTEX_TYPES[record.type]}{{{record.key},\n" + ",\n".join(lines) + "\n}\n"


def _bibtex_authors(record):
    """Organisations are put in braces, or “National Institute” would be split into given and family name."""
    names = [_bibtex_name(author) for author in record.authors]
    return " and ".join([*names, "others"] if names and record.et_al else names)


def _bibtex_name(author):
    found = person(author)
    # BibTeX separates authors with “and”, so a name with that word must be in braces.
    if found is None or " and " in author:
        return f"{{{_escaped(author)}}}"
    return ", ".join(_escaped(part) for part in (found.family, found.suffix, found.given) if part)


def _bibtex_title(text):
    """Braces protect capitals inside a word, as in IgE, from styles that put titles in lower case."""
    pieces, end = [], 0
    for match in CAPITALS_INSIDE.finditer(text):
        pieces += [_escaped(text[end : match.start()]), f"{{{_escaped(match[0])}}}"]
        end = match.end()
    return "".join([*pieces, _escaped(text[end:])])


def _escaped(text):
    return "".join(SPECIAL.get(character, character) for character in text)


def _address(text):
    """Percent-encoded and not escaped for TeX, because programs use DOIs and addresses literally."""
    return "".join(IN_ADDRESS.get(character, character) for character in text)


def ris(reference) -> str:
    """One record from TY to ER, with CRLF line ends as in the specification of 2011.

    Every value is on one line, so none can inject a tag of its own.
    """
    record = confirmed(reference)
    first_page, _, last_page = re.sub(r"[-–—]+", "-", record.page).partition("-")
    notes = [record.note, "The list of authors is not complete." if record.et_al else ""]
    lines = [
        ("TY", RIS_TYPES[record.type]),
        *(("AU", _ris_name(author)) for author in record.authors),
        ("TI", record.title),
        ("T2", record.container_title),
        ("PB", record.publisher),
        ("CY", record.publisher_place),
        ("ET", record.edition),
        ("PY", record.year),
        ("DA", record.posted.strftime("%Y/%m/%d") if record.posted else ""),
        ("VL", record.volume),
        ("IS", record.issue),
        ("SP", first_page.strip()),
        ("EP", last_page.strip()),
        ("DO", record.doi),
        # RIS has no tags for PMID and PMCID; EndNote keeps them in these two.
        ("AN", record.pmid),
        ("C2", record.pmcid),
        ("UR", record.url),
        ("Y2", record.accessed.strftime("%Y/%m/%d") if record.accessed else ""),
        ("N1", " ".join(filter(None, notes))),
        ("ID", record.key),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def _ris_name(author):
    """Family name, initials, suffix. Programs recognise an organisation by the lack of a comma."""
    found = person(author)
    if found is None:
        return author.replace(",", "")
    return ", ".join(filter(None, [found.family, found.given, found.suffix]))


def csl_json(reference) -> dict:
    """One CSL-JSON item (citationstyles.org, schema csl-data 1.0), without the fields that are empty or unconfirmed."""
    record = confirmed(reference)
    item = {
        "id": record.key,
        "type": record.type,
        "author": [_csl_name(author) for author in record.authors],
        "title": record.title,
        "container-title": record.container_title,
        "publisher": record.publisher,
        "publisher-place": record.publisher_place,
        "edition": record.edition,
        # Empty values are dropped below, so a missing date may be an empty string here.
        "issued": _csl_date(record),
        "genre": "Preprint" if record.type == ReferenceType.PREPRINT else "",
        "accessed": {"date-parts": [list(record.accessed.timetuple()[:3])]} if record.accessed else "",
        "volume": record.volume,
        "issue": record.issue,
        "page": record.page,
        "DOI": record.doi,
        "PMID": record.pmid,
        "PMCID": record.pmcid,
        "URL": record.url,
        "note": record.note,
    }
    return {name: value for name, value in item.items() if value}


def _csl_date(record):
    if record.posted:
        return {"date-parts": [list(record.posted.timetuple()[:3])]}
    return {"date-parts": [[int(record.year)]]} if record.year else ""


def _csl_name(author):
    found = person(author)
    if found is None:
        return {"literal": author}
    name = {"family": found.family, "given": found.given, "suffix": found.suffix}
    return {part: value for part, value in name.items() if value}
