"""A record as RIS (specification of 2011), which every reference manager reads."""

import re

from education.citation.confirmed import confirmed
from education.citation.names import person
from education.models import ReferenceType

KIND = {
    ReferenceType.ARTICLE: "JOUR",
    ReferenceType.BOOK: "BOOK",
    ReferenceType.CHAPTER: "CHAP",
    ReferenceType.GUIDELINE: "RPRT",
    ReferenceType.WEB_PAGE: "ELEC",
}


def ris(reference) -> str:
    """One record, from TY to ER, with the line ends of the specification. No value can begin a line of its own."""
    record = confirmed(reference)
    first_page, _, last_page = re.sub(r"[-–—]+", "-", record.page).partition("-")
    notes = [record.note, "The list of authors is not complete." if record.et_al else ""]
    lines = [
        ("TY", KIND[record.type]),
        *(("AU", _name(author)) for author in record.authors),
        ("TI", record.title),
        ("T2", record.container_title),
        ("PB", record.publisher),
        ("CY", record.publisher_place),
        ("ET", record.edition),
        ("PY", record.year),
        ("VL", record.volume),
        ("IS", record.issue),
        ("SP", first_page.strip()),
        ("EP", last_page.strip()),
        ("DO", record.doi),
        ("AN", record.pmid),
        ("C2", record.pmcid),
        ("UR", record.url),
        ("Y2", record.accessed.strftime("%Y/%m/%d") if record.accessed else ""),
        ("N1", " ".join(filter(None, notes))),
        ("ID", record.key),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def _name(author):
    """Family name, initials, suffix. An organisation has no comma, which is how programs tell it."""
    found = person(author)
    if found is None:
        return author.replace(",", "")
    return ", ".join(filter(None, [found.family, found.given, found.suffix]))
