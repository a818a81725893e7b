"""Import of RIS as EndNote, Zotero, Mendeley and publishers write it, read with rispy."""

import re
from itertools import pairwise

import rispy
import rispy.config
from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.exceptions import Unreadable
from education.references.identifiers import clean_doi, clean_pmcid, clean_pmid, is_doi, is_pmcid, is_pmid
from education.references.names import parse_name
from education.references.record import MOST_AUTHORS, Record, pages, plain, web_address, year_of

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
# Programs use either for an author; as one list, they keep the order of the file.
MAPPING = rispy.config.TAG_KEY_MAPPING | {"A1": "authors"}
TITLES = ["title", "primary_title"]
# JF, T2, JO, JA, J2: the full name before an abbreviation.
JOURNALS = ["alternate_title3", "secondary_title", "journal_name", "alternate_title2", "alternate_title1"]
NUMBERS = ["urls", "notes", "accession_number", "custom2", "custom1", "note", "type_of_work"]
BEGINNING = re.compile(r"\s*TY {1,2}-")
TAG = re.compile(r"\s*([A-Z][A-Z0-9])( {1,2})-(.*)")
# By default rispy splits addresses at semicolons, but DOIs from the 1990s may contain one.
PARSER = {"delimiter_tags_mapping": {}, "skip_unknown_tags": False, "mapping": MAPPING}


def read(text: str) -> list[tuple[str, Record | Unreadable]]:
    """For each entry a label to show and its Record."""
    found = []
    for entry in rispy.loads(_closed(_beginning_with_type(_tagged(text))), **PARSER):
        title = _first(entry, TITLES)
        found.append((title or _("Entry %(number)s") % {"number": len(found) + 1}, _record(entry, title)))
    return found


def _tagged(text):
    """The lines with their tags as rispy recognises them: at the very beginning, with two spaces before the dash.

    EndNote puts a space before the first tag of a file, Mendeley two after the last one. Some programs write one space
    before every dash; a text may have that, too, so it counts only in a file that has nothing else.
    """
    found = [TAG.fullmatch(line) for line in text.splitlines()]
    has_two = any(tag and tag[1] == "TY" and len(tag[2]) == 2 for tag in found)
    return [
        f"{tag[1]}  -{tag[3].rstrip()}" if tag and (len(tag[2]) == 2 or not has_two) else line
        for tag, line in zip(found, text.splitlines(), strict=True)
    ]


def _beginning_with_type(lines):
    """The same lines with the type first in each entry: some programs sort the tags."""
    out, before, is_open = [], [], False
    for line in lines:
        if line.startswith("TY  -"):
            out += [line, *before]
            before, is_open = [], True
        elif is_open or line.startswith("ER  -") or not (before or TAG.fullmatch(line)):
            out.append(line)
            is_open = is_open and not line.startswith("ER  -")
        else:
            before.append(line)
    return out + before


def _closed(lines):
    """Add ER to entries that end without it: rispy would join them to the next entry, or lose them."""
    out, is_open = [], False
    for line in lines:
        if line.startswith("TY  -") and is_open:
            out.append("ER  - ")
        if line.startswith(("TY  -", "ER  -")):
            is_open = line.startswith("TY")
        out.append(line)
    return "\n".join([*out, "ER  - "] if is_open else out)


def _record(entry, title):
    authors = [parse_name(name) for name in entry.get("authors", []) if plain(name)]
    numbers = [plain(value) for key in NUMBERS for value in _list(entry.get(key))]
    unknown = entry.get("unknown_tag", {})
    url = next((value for value in _list(entry.get("urls")) if web_address(value)), "")
    doi = clean_doi(plain(entry.get("doi"))) or next(
        (clean_doi(value) for value in numbers if _names_doi(value) and is_doi(clean_doi(value))), ""
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
    if not first:
        # C7 is the number of an article.
        return pages(entry.get("custom7")) or last
    # Some programs put the whole range into the start page.
    return first if not last or "-" in first or first == last else f"{first}-{last}"


def _names_doi(value):
    return "doi.org/" in value or value.casefold().startswith("doi:")


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
