"""Import of CSL-JSON as Zotero and Mendeley export it (github.com/citation-style-language/schema, csl-data.json)."""

from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.addresses import public_address
from education.references.exceptions import Unreadable
from education.references.identifiers import clean_doi, clean_pmcid, clean_pmid
from education.references.names import parse_name, vancouver_name
from education.references.record import MOST_AUTHORS, Record, day_of, kind_of, pages, plain, year_of_text

TYPES = {
    **dict.fromkeys(
        ["article-journal", "article-magazine", "article-newspaper", "periodical", "review"], ReferenceType.ARTICLE
    ),
    **dict.fromkeys(["book", "collection", "thesis"], ReferenceType.BOOK),
    **dict.fromkeys(
        ["chapter", "paper-conference", "entry", "entry-encyclopedia", "entry-dictionary"], ReferenceType.CHAPTER
    ),
    **dict.fromkeys(["report", "standard"], ReferenceType.GUIDELINE),
    **dict.fromkeys(["webpage", "post", "post-weblog"], ReferenceType.WEB_PAGE),
    # “Use this type for preprints”, says the specification.
    **dict.fromkeys(["article", "manuscript"], ReferenceType.PREPRINT),
}


def items(data) -> list:
    """The items in parsed JSON: a list, a list under “items” or “references”, an object by keys, or a single item."""
    if isinstance(data, list):
        return data
    if not isinstance(data, dict):
        return []
    lists = [data[name] for name in ("items", "references") if isinstance(data.get(name), list)]
    if lists:
        return lists[0]
    is_by_key = "title" not in data and data and all(isinstance(value, dict) for value in data.values())
    return list(data.values()) if is_by_key else [data]


def read(items: list) -> list[tuple[str, Record | Unreadable]]:
    """For each item a label to show and its Record, or an Unreadable that says why."""
    return [_item(item, number) for number, item in enumerate(items, 1)]


def _item(item, number):
    if not isinstance(item, dict):
        return _("Entry %(number)s") % {"number": number}, Unreadable(_("It is not a CSL-JSON item."))
    title = _text(item.get("title"))
    return title or plain(item.get("id")) or _("Entry %(number)s") % {"number": number}, _record(item, title)


def _record(item, title):
    # Books without an author are cited by their editors.
    people = item.get("author") or item.get("editor") or []
    if isinstance(people, str):
        people = people.split(";")
    authors = [name for person in (people if isinstance(people, list) else []) if (name := _name(person))]
    doi, url, remarks = clean_doi(_text(item.get("DOI"))), _text(item.get("URL")), []
    return Record(
        type=kind_of(_text(item.get("type")), TYPES, remarks),
        authors=authors[:MOST_AUTHORS],
        et_al=len(authors) > MOST_AUTHORS,
        title=title,
        container_title=_text(item.get("container-title")),
        publisher=_text(item.get("publisher")),
        publisher_place=_text(item.get("publisher-place")),
        edition=_text(item.get("edition")),
        year=year_of_text(" ".join(plain(part) for part in _parts(item.get("issued"))), remarks),
        volume=_text(item.get("volume")),
        issue=_text(item.get("issue")),
        # Reports are known by their number, and have no other field for it.
        page=pages(_text(item.get("page"))) or _text(item.get("number")) * (_text(item.get("type")) == "report"),
        doi=doi,
        pmid=clean_pmid(_text(item.get("PMID")) or _noted(item, "PMID")),
        pmcid=clean_pmcid(_text(item.get("PMCID")) or _noted(item, "PMCID")),
        # The link is made from the DOI; and only web addresses, never javascript: or file:, become links.
        url="" if doi else public_address([url], remarks),
        accessed=day_of(_parts(item.get("accessed"))),
        posted=day_of(_parts(item.get("issued"))),
        remarks=remarks,
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
        return parse_name(person) if isinstance(person, str) else ""
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
