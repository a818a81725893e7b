"""What may be passed on of a reference: only confirmed fields (docs/decisions/0007), and names split into parts."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from education.models import ReferenceStatus, ReferenceType
from education.models.reference import AUTHORS_AFTER_THE_FIRST

LEFT_OUT_UNLESS_CONFIRMED = (
    "publisher", "publisher_place", "edition", "year", "volume", "issue", "page", "doi", "pmid", "pmcid",
)  # fmt: skip
# As MEDLINE writes authors: family name, up to four initials, and perhaps a suffix.
PERSON = re.compile(
    r"(?P<family>.+?) (?P<initials>[^\W\d_](?:-?[^\W\d_]){0,3})(?: (?P<suffix>Jr|Sr|2nd|3rd|II|III|IV))?"
)
# Organisations whose name ends in capitals, such as “Cochrane Skin Group UK”, are recognised by one of these words.
ORGANISATION = re.compile(
    r"\b(academy|agency|association|centre|center|college|committee|consortium|council|department|federation|group"
    r"|foundation|health|institute|league|ministry|network|organi[sz]ation|panel|service|society|trust|university)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ConfirmedRecord:
    """A reference without its unconfirmed fields. Every value is on one line, or empty."""

    key: str
    type: str
    authors: list[str]
    et_al: bool
    title: str
    container_title: str
    publisher: str
    publisher_place: str
    edition: str
    year: str
    volume: str
    issue: str
    page: str
    doi: str
    pmid: str
    pmcid: str
    url: str
    accessed: date | None
    posted: date | None
    note: str


def confirmed(reference) -> ConfirmedRecord:
    """The record of a Reference. First author and title are always kept: without them, no one could find the paper."""
    values = {
        name: "" if name in reference.unconfirmed_fields else one_line(getattr(reference, name) or "")
        for name in LEFT_OUT_UNLESS_CONFIRMED
    }
    if "volume" in reference.unconfirmed_fields:
        # Issues are counted within their volume: alone, the number would say nothing.
        values["issue"] = ""
    authors = [name for author in reference.authors if (name := one_line(author))]
    # “et al.” then says that there are more, without naming anyone who may not be an author.
    only_the_first = AUTHORS_AFTER_THE_FIRST in reference.unconfirmed_fields and len(authors) > 1
    return ConfirmedRecord(
        key=reference.key,
        type=reference.type,
        authors=authors[:1] if only_the_first else authors,
        et_al=reference.et_al or only_the_first,
        title=one_line(reference.title),
        container_title=one_line(reference.container_title),
        url=one_line(reference.link),
        accessed=reference.accessed,
        posted=None if {"posted", "year"} & set(reference.unconfirmed_fields) else reference.posted,
        note=_note(reference),
        **values,
    )


def confirmed_value(reference, name: str) -> str:
    """The value of a field for readers; "" if the field, or a part of it (“finding: risk ratios”), is unconfirmed."""
    is_open = any(re.split(r"[:(]", entry)[0].strip() == name for entry in reference.unconfirmed_fields)
    return "" if is_open else getattr(reference, name)


def _note(reference):
    """What a colleague who copies the record has to know: a retraction, a correction, or that it is a preprint."""
    sentences = []
    if reference.status in {ReferenceStatus.RETRACTED, ReferenceStatus.CORRECTED}:
        sentences.append(f"{reference.get_status_display()}: {reference.status_reason}".removesuffix(": "))
    if reference.type == ReferenceType.PREPRINT:
        sentences.append(_("This is a preprint."))
    return one_line(" ".join(sentences))


@dataclass(frozen=True)
class Person:
    """An author: “van den Brandt PA” is a person, “World Health Organization” is not."""

    family: str
    initials: str
    suffix: str = ""

    @property
    def given(self) -> str:
        """The initials as reference managers write them: “M. M. D.” for “MMD”, “J.-P.” for “J-P”."""
        return "-".join(" ".join(f"{letter}." for letter in part) for part in self.initials.split("-"))


def person(author: str) -> Person | None:
    """The parts of an author's name, or None for an organisation, whose name must not be split."""
    match = PERSON.fullmatch(one_line(author))
    if match is None or not match["initials"].isupper() or ORGANISATION.search(author):
        return None
    return Person(match["family"], match["initials"], match["suffix"] or "")


def one_line(text) -> str:
    """The text without line breaks and control characters: in RIS and BibTeX, a new line begins a new field."""
    text = " ".join(str(text).split())
    if text.isprintable():  # true for nearly all, and much faster than checking each character
        return text
    return "".join(character for character in text if character.isprintable())
