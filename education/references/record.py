"""A paper as a register or a file describes it, before anything of it is stored."""

import html
import re
from dataclasses import asdict, dataclass, field, fields

from education.models import ReferenceType
from education.xml_text import UNWRITABLE

# A letter must follow: “p <0.05” and the DOI “10.1002/(SICI)1<1::AID-1>3.0.CO;2-1” hold no markup.
TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
SPACES = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u00ad": None, "\ufeff": None})
# More names than any citation prints; a consortium can bring thousands.
AUTHORS_KEPT = 100
YEARS = range(1500, 2101)


@dataclass
class Notice:
    """What was published about a paper later: `kind` is retraction, correction or concern; `where` a DOI or words."""

    kind: str
    where: str = ""


@dataclass
class Record:
    """Field names are those of the model Reference; `years` are all in which the paper may be said to be published."""

    type: str = ReferenceType.ARTICLE.value
    authors: list[str] = field(default_factory=list)
    et_al: bool = False
    title: str = ""
    container_title: str = ""
    publisher: str = ""
    publisher_place: str = ""
    edition: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    page: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    url: str = ""
    accessed: str = ""
    years: list[int] = field(default_factory=list)
    other_containers: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def values(self) -> dict:
        """What goes into the fields of a Reference."""
        return {name: value for name, value in asdict(self).items() if name in REFERENCE_FIELDS}

    def as_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict) -> "Record":
        """The way back from `as_json`, for a record that waited in a session."""
        known = {name: value for name, value in values.items() if name in {entry.name for entry in fields(cls)}}
        return cls(**known | {"notices": [Notice(**notice) for notice in known.get("notices", [])]})


REFERENCE_FIELDS = [
    entry.name for entry in fields(Record) if entry.name not in {"years", "other_containers", "notices"}
]


def plain(text) -> str:
    """Words without markup (<i>, <sub>, JATS), entities and doubled spaces; "" for anything that is no text."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return ""
    # JSON can write NUL and halves of characters; databases and pages have no place for them.
    text = UNWRITABLE.sub("", str(text))
    unescaped = html.unescape(TAG.sub("", html.unescape(text) if "&lt;" in text else text))
    return " ".join(unescaped.translate(SPACES).split())


def year_of(text) -> int | None:
    """The first year in "2018", "2018 Nov-Dec" or "2018/11/05"."""
    found = re.search(r"(?<!\d)(\d{4})(?!\d)", str(text or ""))
    year = int(found[1]) if found else None
    return year if year in YEARS else None


def pages(text) -> str:
    """1167-1176, with a plain hyphen and nothing around it."""
    return re.sub(r"\s*[-\u2010-\u2015]+\s*", "-", plain(text)).strip("-")
