"""Import of RIS as EndNote, Zotero, Mendeley and publishers write it, read with rispy."""

from itertools import pairwise

import rispy
from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.exceptions import Unreadable
from education.references.identifiers import clean_doi, clean_pmcid, clean_pmid, is_doi, is_pmcid, is_pmid
from education.references.names import parse_name
from education.references.record import MOST_AUTHORS, Record, pages, plain, year_of

# Every other type is an article.
TYPES = {
    "BOOK": ReferenceType.BOOK,
    "EBOOK": ReferenceType.BOOK,
    "EDBOOK": ReferenceType.BOOK,
    "CHAP": ReferenceType.CHAPTER,
    "ECHAP": ReferenceType.CHAPTER,
    "RPRT": ReferenceType.GUIDELINE,
    "GOVDOC": ReferenceType.GUIDELINE,
    "STAND": ReferenceType.GUIDELINE,
    "ELEC": ReferenceType.WEB_PAGE,
    "BLOG": ReferenceType.WEB_PAGE,
    "WEB": ReferenceType.WEB_PAGE,
}
AUTHORS = ["authors", "first_authors"]
TITLES = ["title", "primary_title"]
JOURNALS = ["journal_name", "alternate_title3", "secondary_title", "alternate_title2", "alternate_title1"]
NUMBERS = ["urls", "notes", "accession_number", "custom2", "custom1", "note"]
# By default rispy splits addresses at semicolons, but DOIs from the 1990s may contain one.
PARSER = {"delimiter_tags_mapping": {}, "skip_unknown_tags": False}


def read(text: str) -> list[tuple[str, Record | Unreadable]]:
    """For each entry a label to show and its Record."""
    # EndNote puts a space before the first tag of a file, Mendeley two after the last one.
    # rispy recognises tags only at the very beginning of a line.
    lines = "\n".join(line.strip() if line.lstrip()[2:5] == "  -" else line for line in text.splitlines())
    found = []
    for entry in rispy.loads(_closed(lines), **PARSER):
        title = _first(entry, TITLES)
        found.append((title or _("Entry %(number)s") % {"number": len(found) + 1}, _record(entry, title)))
    return found


def _closed(text):
    """Add ER to entries that end without it: rispy would join them to the next entry, or lose them."""
    out, is_open = [], False
    for line in text.splitlines():
        if line.startswith("TY  -") and is_open:
            out.append("ER  - ")
        if line.startswith(("TY  -", "ER  -")):
            is_open = line.startswith("TY")
        out.append(line)
    return "\n".join([*out, "ER  - "] if is_open else out)


def _record(entry, title):
    authors = [parse_name(name) for key in AUTHORS for name in entry.get(key, []) if plain(name)]
    numbers = [plain(value) for key in NUMBERS for value in _list(entry.get(key))]
    unknown = entry.get("unknown_tag", {})
    url = next((value for value in _list(entry.get("urls")) if value.startswith(("https://", "http://"))), "")
    doi = clean_doi(plain(entry.get("doi"))) or next(
        (clean_doi(value) for value in numbers if "doi.org/" in value and is_doi(clean_doi(value))), ""
    )
    return Record(
        type=TYPES.get(plain(entry.get("type_of_reference")).upper(), ReferenceType.ARTICLE).value,
        authors=authors[:MOST_AUTHORS],
        et_al=len(authors) > MOST_AUTHORS,
        title=title,
        container_title=_first(entry, JOURNALS),
        publisher=plain(entry.get("publisher")),
        publisher_place=plain(entry.get("place_published")),
        edition=plain(entry.get("edition")),
        year=year_of(entry.get("year")) or year_of(entry.get("publication_year")) or year_of(entry.get("date")),
        volume=plain(entry.get("volume")),
        issue=plain(entry.get("number")),
        page=_pages(entry),
        doi=doi,
        pmid=_number([*numbers, *_list(unknown.get("PM"))], "pubmed", clean_pmid, is_pmid),
        pmcid=_number([*numbers, *_list(unknown.get("C2"))], "pmc", clean_pmcid, is_pmcid),
        # The address of a DOI is built from the DOI, so it is not stored a second time.
        url="" if doi or "doi.org/" in url else url,
    )


def _pages(entry):
    first, last = pages(entry.get("start_page")), pages(entry.get("end_page"))
    # Some programs put the whole range into the start page.
    return first if not last or "-" in first or first == last else f"{first}-{last}"


def _number(values, word, clean, is_one):
    """A PMID or PMCID. RIS has no tag for them: they are in an address, or in a note as “PMID: 123”."""
    for value in values:
        for part in (value, *value.split()):
            marked = word in part.casefold() or part.casefold().startswith(("pmid", "pmcid"))
            if marked and clean(part) != part and is_one(clean(part)):
                return clean(part)
            if word == "pmc" and is_one(part):
                return part
        words = value.split()
        for mark, number in pairwise(words):
            if mark.casefold() == ("pmid:" if word == "pubmed" else "pmcid:") and is_one(clean(number)):
                return clean(number)
    return ""


def _first(entry, keys):
    return next((text for key in keys for value in _list(entry.get(key)) if (text := plain(value))), "")


def _list(value):
    return value if isinstance(value, list) else [value] if value else []
