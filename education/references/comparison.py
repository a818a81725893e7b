"""Comparison of a stored reference with the record of a register, field by field.

Differences without meaning are removed first: capitals, accents, markup, kinds of dashes and quotes, a leading “The”,
a trailing “(Review)”, the word RETRACTED that publishers put before a title, abbreviated page numbers.
"""

import re
import unicodedata
from functools import lru_cache

from education.models.reference import AUTHORS_AFTER_THE_FIRST
from education.references.names import initials_of_name, surname
from education.references.notices import kind_of_title
from education.references.record import Record, plain

COMPARED = [
    "title", "authors", "year", "container_title", "volume", "issue", "page", "doi", "pmid", "pmcid"
]  # fmt: skip
RETRACTED_BEFORE = re.compile(r"^\W*(?:retracted(?:\s+(?:article|chapter))?|withdrawn|removed:)\W+", re.IGNORECASE)
REVIEW_AFTER = re.compile(r"\s*[\[(](?:review|systematic review|retracted)[\])]\s*\.?$", re.IGNORECASE)
# ISO 4 leaves these out of the abbreviated name of a journal.
SMALL_WORDS = {
    "a", "an", "and", "at", "by", "de", "der", "des", "di", "die", "du", "e", "el", "en", "et", "for", "from", "fur",
    "in", "la", "le", "les", "of", "on", "para", "the", "to", "und", "with",
}  # fmt: skip
# Its abbreviations that are not the beginning of a word.
CONTRACTIONS = {
    "natl": "national",
    "intl": "international",
    "dtsch": "deutsch",
    "assn": "association",
    "assoc": "associa",
}
LETTERS_WITHOUT_ACCENT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


def normalised(text: str) -> str:
    """The text in lower case, without accents and punctuation, with one space between words."""
    folded = unicodedata.normalize("NFKD", plain(text).casefold()).translate(LETTERS_WITHOUT_ACCENT)
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^\w]+|_", " ", bare.replace("&", " and ")).split())


# When a file is read or the list is filtered by problems, the titles of all references are compared.
@lru_cache(maxsize=10_000)
def normalised_title(title: str) -> str:
    """The title normalised, without what publishers add before and after it when a paper is retracted."""
    return normalised(REVIEW_AFTER.sub("", RETRACTED_BEFORE.sub("", plain(title))))


def normalised_journal(name: str) -> str:
    """The name without its article, a subtitle, or the place that PubMed adds: “Science (New York, N.Y.)”."""
    name = re.sub(r"\([^()]*\)|\s:\s.*$", " ", plain(name))
    return normalised(name).removeprefix("the ")


def is_same_journal(ours: str, theirs: str) -> bool:
    """Whether the names are equal, or one is an abbreviation of the other: “Int J Mol Med”, “JAMA”."""
    one, other = normalised_journal(ours), normalised_journal(theirs)
    if one == other:
        return True
    shorter, longer = sorted((_without_small_words(one), _without_small_words(other)), key=len)
    if len(shorter) == 1 and len(longer) > 2:
        return shorter[0] == "".join(word[0] for word in longer)
    # The name of one word is never abbreviated, and “Cell” is not “Cells”.
    return len(shorter) == len(longer) > 1 and all(map(_is_abbreviated, shorter, longer))


def _without_small_words(name):
    return [word for word in name.split() if word not in SMALL_WORDS]


def _is_abbreviated(one, other):
    shorter, longer = sorted((one, other), key=len)
    # An abbreviation saves two letters at least: “Cancer Cells” is not “Cancer Cell”.
    is_beginning = longer.startswith(shorter) and len(longer) - len(shorter) > 1
    return one == other or is_beginning or longer.startswith(CONTRACTIONS.get(shorter, "?"))


def says_retracted(record: Record) -> bool:
    """Whether the record itself says that its paper is retracted, or that it is a notice and not the paper."""
    is_noted = any(notice.kind == "retraction" for notice in record.notices)
    return is_noted or record.is_notice or bool(kind_of_title(record.title))


def is_same_title(ours: str, theirs: str) -> bool:
    """Whether the titles are equal, or equal but for a subtitle that one of them omits."""
    one, other = normalised_title(ours), normalised_title(theirs)
    if one == other:
        return True
    shorter, longer = sorted([one, other], key=len)
    return (
        # Four words, because a short title may be the beginning of many others.
        len(shorter.split()) >= 4 and longer.startswith(f"{shorter} ") and _ends_before_subtitle(shorter, ours, theirs)
    )


def is_same_name(ours: str, theirs: str) -> bool:
    """Whether the surnames are equal and one set of initials begins with the other."""
    if normalised(ours) == normalised(theirs):
        return True
    if normalised(surname(ours)) != normalised(surname(theirs)):
        return False
    one, other = initials_of_name(ours), initials_of_name(theirs)
    # Registers often have only the first initial, or none.
    return not one or not other or one.startswith(other) or other.startswith(one)


def is_same_paper(reference, record: Record) -> bool:
    """Whether a record describes this paper: by title or, if either has none, by first author and year."""
    if reference.title and record.title:
        return is_same_title(reference.title, record.title)
    return bool(
        reference.authors
        and record.authors
        and is_same_name(reference.authors[0], record.authors[0])
        and agrees(reference, record, "year")
    )


def agrees(reference, record: Record, name: str) -> bool:
    """Whether both have this field and mean the same by it. An empty field never agrees."""
    ours, theirs = getattr(reference, name), getattr(record, name)
    if not ours or not theirs:
        return False
    match name:
        case "title":
            return is_same_title(ours, theirs)
        case "authors":
            return is_same_name(ours[0], theirs[0])
        # A difference of one year is accepted here, but does not confirm an unconfirmed year, see confirmed_fields.
        case "year":
            # Papers are often published online in one year and in print in the next.
            return any(abs(ours - year) <= 1 for year in {theirs, *record.years})
        case "container_title":
            return any(is_same_journal(ours, name) for name in [theirs, *record.other_containers])
        case "page":
            return full_pages(ours) == full_pages(theirs)
        case "doi":
            return ours.casefold() == theirs.casefold()
        case _:
            return normalised(str(ours)) == normalised(str(theirs))


def differences(reference, record: Record) -> list[dict]:
    """What the register has differently, and what it could fill in.

    Each entry has `field`, `ours`, `theirs`, and `contradicts`, which is false if our field is empty or incomplete.
    """
    found = []
    for name in COMPARED:
        ours, theirs = getattr(reference, name), getattr(record, name)
        if theirs and not agrees(reference, record, name):
            found.append({"field": name, "ours": ours, "theirs": theirs, "contradicts": bool(ours)})
    if _is_incomplete(reference, record):
        found.append({"field": "authors", "ours": reference.authors, "theirs": record.authors, "contradicts": False})
    return found


def confirmed_fields(reference, record: Record) -> list[str]:
    """The unconfirmed fields that the register confirms. A year has to be exactly the same here, see `agrees`."""
    confirmed = [
        name
        for name in reference.unconfirmed_fields
        if name in COMPARED and agrees(reference, record, name) and (name != "year" or reference.year == record.year)
    ]
    # The other authors are confirmed only as a whole, since a citation with one wrong name is wrong.
    rest_is_open = AUTHORS_AFTER_THE_FIRST in reference.unconfirmed_fields and not reference.et_al
    if rest_is_open and _are_all_the_same(reference, record):
        confirmed.append(AUTHORS_AFTER_THE_FIRST)
    return confirmed


def full_pages(text: str) -> str:
    """Page numbers written in full, 1167-1176 for 1167-76, and article numbers without leading zeros."""
    first, dash, last = plain(text).replace("\u2013", "-").casefold().partition("-")
    first, last = first.strip().removeprefix("adv"), last.strip()
    if dash and first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    if first.isdigit():
        first = first.lstrip("0") or "0"
    return f"{first}-{last}" if last and last != first else first


def _ends_before_subtitle(shorter, *titles):
    """Whether the longer title continues after the shorter one with a colon, a dash or a full stop."""
    longer = max(titles, key=lambda title: len(normalised_title(title)))
    heads = re.split(r"\s*[:.?\u2013\u2014]\s+|\s+-\s+", REVIEW_AFTER.sub("", RETRACTED_BEFORE.sub("", plain(longer))))
    return any(normalised(" ".join(heads[:count])) == shorter for count in range(1, len(heads)))


def _is_incomplete(reference, record):
    if not reference.et_al or record.et_al or not agrees(reference, record, "authors"):
        return False
    # As many as ours means that no one is missing, so “et al.” is wrong.
    return len(record.authors) >= len(reference.authors)


def _are_all_the_same(reference, record):
    return len(reference.authors) == len(record.authors) and all(map(is_same_name, reference.authors, record.authors))
