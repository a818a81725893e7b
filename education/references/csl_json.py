"""Import of CSL-JSON as Zotero and Mendeley export it (github.com/citation-style-language/schema, csl-data.json)."""

from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.exceptions import Unreadable
from education.references.identifiers import clean_doi, clean_pmcid, clean_pmid
from education.references.names import parse_name, vancouver_name
from education.references.record import MOST_AUTHORS, Record, pages, plain, web_address, year_of

TYPES = {
    "book": ReferenceType.BOOK,
    "chapter": ReferenceType.CHAPTER,
    "entry-encyclopedia": ReferenceType.CHAPTER,
    "report": ReferenceType.GUIDELINE,
    "standard": ReferenceType.GUIDELINE,
    "webpage": ReferenceType.WEB_PAGE,
    "post-weblog": ReferenceType.WEB_PAGE,
}


def read(data) -> list[tuple[str, Record | Unreadable]]:
    """For each item a label to show and its Record, or an Unreadable that says why. `data` is the parsed JSON."""
    if isinstance(data, dict):
        data = data["items"] if isinstance(data.get("items"), list) else [data]
    return [_item(item, number) for number, item in enumerate(data, 1)]


def _item(item, number):
    if not isinstance(item, dict):
        return _("Entry %(number)s") % {"number": number}, Unreadable(_("It is not a CSL-JSON item."))
    title = _text(item.get("title"))
    return title or plain(item.get("id")) or _("Entry %(number)s") % {"number": number}, _record(item, title)


def _record(item, title):
    # Books without an author are cited by their editors.
    people = item.get("author") or item.get("editor") or []
    authors = [name for person in (people if isinstance(people, list) else []) if (name := _name(person))]
    doi, url = clean_doi(plain(item.get("DOI"))), plain(item.get("URL"))
    return Record(
        type=TYPES.get(plain(item.get("type")), ReferenceType.ARTICLE).value,
        authors=authors[:MOST_AUTHORS],
        et_al=len(authors) > MOST_AUTHORS,
        title=title,
        container_title=_text(item.get("container-title")),
        publisher=plain(item.get("publisher")),
        publisher_place=plain(item.get("publisher-place")),
        edition=plain(item.get("edition")),
        year=_year(item.get("issued")),
        volume=plain(item.get("volume")),
        issue=plain(item.get("issue")),
        # Reports are known by their number, and have no other field for it.
        page=pages(item.get("page")) or plain(item.get("number")) * (plain(item.get("type")) == "report"),
        doi=doi,
        pmid=clean_pmid(plain(item.get("PMID")) or _noted(item, "PMID")),
        pmcid=clean_pmcid(plain(item.get("PMCID")) or _noted(item, "PMCID")),
        # The link is made from the DOI; and only web addresses, never javascript: or file:, become links.
        url="" if doi else web_address(url),
        accessed=_day(item.get("accessed")),
    )


def _text(value):
    """Crossref has titles as lists, of which the first is the full one."""
    return plain(value[0] if isinstance(value, list) and value else value)


def _noted(item, name):
    """Zotero writes what it has no field for into the note, one on each line: “PMID: 30042740”."""
    lines = str(item.get("note") or "").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.strip().startswith(f"{name}:")), "")


def _name(person):
    if not isinstance(person, dict):
        return parse_name(plain(person))
    if person.get("literal"):
        return plain(person["literal"])
    # Vancouver style writes both kinds of particle in front of the family name.
    particle = plain(person.get("non-dropping-particle")) or plain(person.get("dropping-particle"))
    family = " ".join(part for part in (particle, plain(person.get("family"))) if part)
    return vancouver_name(family, plain(person.get("given")), plain(person.get("suffix")))


def _parts(date):
    """The parts of a CSL date, such as [2016, 2, 17]; its text as the only part if it has no date-parts."""
    if isinstance(date, str):
        return plain(date).split("-")
    if not isinstance(date, dict):
        return []
    parts = date.get("date-parts")
    while isinstance(parts, list) and parts and isinstance(parts[0], list):
        parts = parts[0]
    if isinstance(parts, list) and parts:
        return parts
    return [plain(date.get("raw")) or plain(date.get("literal"))]


def _year(date):
    parts = _parts(date)
    return year_of(parts[0]) if parts else None


def _day(date):
    parts = [plain(part) for part in _parts(date)]
    return "-".join(part.zfill(2) for part in parts) if len(parts) == 3 else ""
