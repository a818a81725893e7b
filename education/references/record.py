"""A paper as a register or a file describes it, before it is stored."""

import html
import re
from dataclasses import asdict, dataclass, field, fields

from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.notices import Notice
from education.xml_text import UNWRITABLE, with_raised_digits

# A letter must follow the “<”: “p <0.05” and the DOI “10.1002/(SICI)1<1::AID-1>3.0.CO;2-1” contain no markup.
TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
SPACES = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u00ad": None, "\ufeff": None})
# More names than any citation shows; the paper of a consortium can have thousands of authors.
MOST_AUTHORS = 100
# Anything else with four digits is a page or an article number, or a slip.
YEARS = range(1500, 2101)


@dataclass
class Record:
    """Field names are those of the model Reference. `years` are all years of publication, online and in print.

    `remarks` are sentences for the person who adds it: what was guessed or left out. `is_notice` says that it is the
    notice of a retraction or correction, and not the paper.
    """

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
    posted: str = ""
    unconfirmed_fields: list[str] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    other_containers: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_notice: bool = False

    def values(self) -> dict:
        """The values of the fields of a Reference."""
        return {name: value for name, value in asdict(self).items() if name in REFERENCE_FIELDS}

    @property
    def type_label(self) -> str:
        return ReferenceType(self.type).label

    def as_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict) -> "Record":
        """The reverse of `as_json`, for a record that was kept in the session."""
        known = {name: value for name, value in values.items() if name in {entry.name for entry in fields(cls)}}
        return cls(**known | {"notices": [Notice(**notice) for notice in known.get("notices", [])]})


ABOUT_THE_RECORD = {"years", "other_containers", "notices", "remarks", "is_notice"}
REFERENCE_FIELDS = [entry.name for entry in fields(Record) if entry.name not in ABOUT_THE_RECORD]


def plain(text) -> str:
    """Text without markup (<i>, JATS), entities and repeated spaces; "" for anything but text and numbers.

    Raised and lowered digits stay so: 10<sup>9</sup> is 10⁹, not 109.
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return ""
    # JSON can contain NUL and lone surrogates, which neither PostgreSQL nor UTF-8 can store.
    text = UNWRITABLE.sub("", str(text))
    text = html.unescape(text) if "&lt;" in text else text
    unescaped = html.unescape(TAG.sub("", with_raised_digits(text)))
    return " ".join(unescaped.translate(SPACES).split())


def year_of(text) -> int | None:
    """The first year in "2018", "2018 Nov-Dec" or "2018/11/05"."""
    found = re.search(r"(?<!\d)(\d{4})(?!\d)", str(text or ""))
    year = int(found[1]) if found else None
    return year if year in YEARS else None


def year_of_text(text: str, remarks: list[str]) -> int | None:
    """The same, with a remark about a text that has no year, such as “in press”."""
    year = year_of(text)
    if text and year is None:
        remarks.append(_("“%(value)s” is not a year, and was left out.") % {"value": text[:40]})
    return year


def pages(text) -> str:
    """A range of pages with a plain hyphen and no spaces: 1167-1176."""
    return re.sub(r"\s*[-\u2010-\u2015]+\s*", "-", plain(text)).strip("-")


def day_of(parts) -> str:
    """“2021-05-03” from a year, a month and a day, as numbers or text; "" unless all three are there."""
    parts = [plain(part) for part in parts]
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or not year_of(parts[0]):
        return ""
    return "-".join(part.zfill(2) for part in parts)


def kind_of(name: str, types: dict, remarks: list[str]) -> str:
    """The ReferenceType that a file means by this name. A name that is not in `types` is an article, with a remark."""
    if name and name not in types:
        remarks.append(_("The file calls it “%(kind)s”; it was taken for a journal article.") % {"kind": name[:40]})
    return types.get(name, ReferenceType.ARTICLE).value
