"""Author names in Vancouver style: surname, then initials (NLM, Citing Medicine, chapter 1)."""

import re
import unicodedata

from education.references.record import plain

SUFFIXES = {"jr": "Jr", "sr": "Sr", "2nd": "2nd", "3rd": "3rd", "ii": "2nd", "iii": "3rd", "iv": "4th"}
# Chinese, Japanese and Korean given names are not shortened.
UNSHORTENED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
ORGANISATION = re.compile(
    r"\b(organi[sz]ation|society|association|academy|college|institute|university|hospital|committee|council|"
    r"consortium|foundation|federation|ministry|department|agency|group|network|collaboration)\b",
    re.IGNORECASE,
)
# What files have after the last author that they name.
ET_AL = re.compile(r"(?:and\s+)?(?:et\s+al\.?|others|\.{3}|\u2026)", re.IGNORECASE)
INITIALS = re.compile(r"[^\W\d_]{1,4}")


def vancouver_name(family: str, given: str = "", suffix: str = "") -> str:
    """“de la Cueva Dobao P” from a surname and given names. An organisation has only a family name.

    A person with one name only, such as Sukarno, may have it as a given name.
    """
    family, suffix = plain(family), SUFFIXES.get(plain(suffix).strip(".").casefold(), plain(suffix).strip("."))
    if not family:
        return plain(given)
    # Registers have some authors in capitals. Short names are left alone, because they may be acronyms.
    if family.isupper() and len(family) > 4 and given:
        family = family.title()
    return " ".join(part for part in (family, initials(given), suffix) if part)


def initials(given: str) -> str:
    """“JP” for “Jean-Paul”, “CG” for “Clara G.”; “YB” stays as it is."""
    # NFC, or a combining accent would split a name and give an initial too many.
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", plain(given)))
    if words and UNSHORTENED.match(words[0]):
        return "".join(words)
    if len(words) == 1 and words[0].isupper() and len(words[0]) <= 4:
        return words[0]
    return "".join(word[0].upper() for word in words)


def parse_name(text: str) -> str:
    """A name given as one string: “Zhao, Yu”, “Zhao Y” or “Yu Zhao”.

    Without a comma, only initials at the end are recognised; anything else stays as it is, because it may be the name
    of an organisation.
    """
    text = plain(text).strip(" ,;")
    if "," in text:
        family, _, rest = text.partition(",")
        given, _, suffix = rest.partition(",")
        # “Smith, Jr, John” and “Smith, John, Jr” both occur.
        if given.strip().strip(".").casefold() in SUFFIXES and suffix.strip():
            given, suffix = suffix, given
        # MEDLINE has “Smith, John P Jr”.
        first, _, last = given.strip().rpartition(" ")
        if first and not suffix and last.strip(".").casefold() in SUFFIXES:
            given, suffix = first, last
        return vancouver_name(family, given, suffix)
    words = text.split()
    last = words[-1].replace(".", "") if words else ""
    if len(words) > 1 and last.isupper() and INITIALS.fullmatch(last):
        return " ".join([*words[:-1], last])
    return text


def surname(name: str) -> str:
    """“van Zuuren” for “van Zuuren EJ”; the whole name of an organisation."""
    words = name.split()
    while len(words) > 1 and (words[-1] in SUFFIXES.values() or _are_initials(words[-1])):
        words.pop()
    return " ".join(words)


def initials_of_name(name: str) -> str:
    """“EJ” for “van Zuuren EJ”; "" if there are none."""
    words = [word for word in name.split() if word not in SUFFIXES.values()]
    return words[-1] if len(words) > 1 and _are_initials(words[-1]) else ""


def _are_initials(word):
    return word.isupper() and bool(INITIALS.fullmatch(word))
