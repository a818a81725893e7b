"""Import of RIS as EndNote, Zotero, Mendeley and publishers write it, read with rispy."""

import re
from itertools import pairwise

import rispy
import rispy.config
from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.addresses import public_address
from education.references.exceptions import Unreadable
from education.references.identifiers import clean_doi, clean_pmcid, clean_pmid, is_doi, is_pmcid, is_pmid
from education.references.names import parse_name
from education.references.record import MOST_AUTHORS, Record, day_of, kind_of, pages, plain, year_of, year_of_text

TYPES = {
    **dict.fromkeys(["JOUR", "JFULL", "EJOUR", "INPR", "ABST", "MGZN", "NEWS"], ReferenceType.ARTICLE),
    **dict.fromkeys(["BOOK", "EBOOK", "EDBOOK", "SER", "THES"], ReferenceType.BOOK),
    **dict.fromkeys(["CHAP", "ECHAP", "CPAPER", "CONF", "ENCYC", "DICT"], ReferenceType.CHAPTER),
    **dict.fromkeys(["RPRT", "GOVDOC", "STAND"], ReferenceType.GUIDELINE),
    **dict.fromkeys(["ELEC", "BLOG", "WEB"], ReferenceType.WEB_PAGE),
    **dict.fromkeys(["UNPB", "MANSCPT", "PREPRINT"], ReferenceType.PREPRINT),
}
# Programs use either for an author; as one list, they keep the order of the file.
MAPPING = rispy.config.TAG_KEY_MAPPING | {"A1": "authors"}
TITLES = ["title", "primary_title"]
# JF, T2, JO, JA, J2: the full name before an abbreviation.
JOURNALS = ["alternate_title3", "secondary_title", "journal_name", "alternate_title2", "alternate_title1"]
NUMBERS = ["urls", "notes", "accession_number", "custom2", "custom1", "note", "type_of_work"]
BEGINNING = re.compile(r"\s*TY {1,2}-")
TAG = re.compile(r"\s*([A-Z][A-Z0-9])( {1,2})-(.*)")
# Tags of which an entry has one; of others rispy makes lists, or they are not read.
ONCE = {
    "TI",
    "T1",
    "T2",
    "JF",
    "JO",
    "JA",
    "J2",
    "PB",
    "CY",
    "ET",
    "PY",
    "Y1",
    "DA",
    "VL",
    "IS",
    "SP",
    "EP",
    "DO",
    "C7",
}
TAGGED = re.compile(r"[A-Z][A-Z0-9]  -")
# By default rispy splits addresses at semicolons, but DOIs from the 1990s may contain one.
PARSER = {"delimiter_tags_mapping": {}, "skip_unknown_tags": False, "mapping": MAPPING}


def read(text: str) -> list[tuple[str, Record | Unreadable]]:
    """For each entry a label to show and its Record."""
    found = []
    lines, remarks = _once(_whole(_closed(_beginning_with_type(_tagged(text)))))
    for entry, its_remarks in zip(rispy.loads("\n".join(lines), **PARSER), remarks, strict=True):
        title = _first(entry, TITLES)
        label = title or _("Entry %(number)s") % {"number": len(found) + 1}
        found.append((label, _record(entry, title, its_remarks)))
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
    return [*out, "ER  - "] if is_open else out


def _whole(lines):
    """The lines of entries, each value on one: rispy fails at a line without a tag that comes first in an entry."""
    out, is_open = [], False
    for line in lines:
        if TAGGED.match(line):
            is_open = not line.startswith("ER  -")
            out.append([line])
        elif is_open and line.strip() and not out[-1][0].startswith("TY  -"):
            out[-1].append(line.strip())
    return [" ".join(parts) for parts in out]


def _once(lines):
    """The lines without the second value of a tag that can have only one, and a list of remarks for each entry."""
    out, remarks, seen = [], [], {}
    for line in lines:
        tag, value = line[:2], line[6:].strip()
        if tag == "TY":
            seen = {}
            remarks.append([])
        if tag not in ONCE or not value:
            out += [line] if tag not in ONCE else []
        elif tag not in seen:
            seen[tag] = value
            out.append(line)
        elif seen[tag] != value:
            sentence = _("The file has “%(field)s” more than once; “%(value)s” was left out.")
            remarks[-1].append(sentence % {"field": tag, "value": value[:80]})
    return out, remarks


def _record(entry, title, remarks):
    names = [name for line in entry.get("authors", []) for name in line.split(";")]
    authors = [parse_name(name) for name in names if plain(name)]
    numbers = [plain(value) for key in NUMBERS for value in _list(entry.get(key))]
    unknown = entry.get("unknown_tag", {})
    urls = [plain(value) for value in _list(entry.get("urls"))]
    doi = clean_doi(plain(entry.get("doi"))) or next(
        (clean_doi(value) for value in numbers if clean_doi(value) != value and is_doi(clean_doi(value))), ""
    )
    years = _years(entry, remarks)
    if len(set(years)) > 1:
        remarks.append(
            _("It has several years: %(years)s. The first was taken.")
            % {"years": ", ".join(map(str, dict.fromkeys(years)))}
        )
    return Record(
        type=kind_of(plain(entry.get("type_of_reference")).upper(), TYPES, remarks),
        authors=authors[:MOST_AUTHORS],
        et_al=len(authors) > MOST_AUTHORS,
        title=title,
        container_title=_first(entry, JOURNALS),
        publisher=plain(entry.get("publisher")),
        publisher_place=plain(entry.get("place_published")),
        edition=plain(entry.get("edition")),
        year=years[0] if years else None,
        volume=plain(entry.get("volume")),
        issue=plain(entry.get("number")),
        page=_pages(entry),
        doi=doi,
        pmid=_number([*numbers, *_list(unknown.get("PM"))], "pubmed", clean_pmid, is_pmid),
        pmcid=_number([*numbers, *_list(unknown.get("C2"))], "pmc", clean_pmcid, is_pmcid),
        # The address of a DOI is built from the DOI, so it is not stored a second time.
        url="" if doi else public_address([url for url in urls if "doi.org/" not in url], remarks),
        posted=day_of(re.split("[/-]", plain(entry.get("date")).rstrip("/"))),
        years=sorted(set(years)),
        remarks=remarks,
    )


def _years(entry, remarks):
    """The years of PY, Y1 and DA, the one to print first."""
    texts = [text for key in ("year", "publication_year", "date") if (text := plain(entry.get(key)).strip("/ "))]
    # A season in DA, beside the year in PY, is nothing to say anything about.
    return [year for text in texts if (year := year_of(text))] or [
        year for text in texts[:1] if (year := year_of_text(text, remarks))
    ]


def _pages(entry):
    first, last = pages(entry.get("start_page")), pages(entry.get("end_page"))
    if not first:
        # C7 is the number of an article.
        return pages(entry.get("custom7")) or last
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
