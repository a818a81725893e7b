"""Import of files from reference managers (EndNote, Zotero, Mendeley): decoding, limits, and the choice of format."""

import codecs
import json
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from education.models import Reference
from education.references import csl_json, medline, ris
from education.references.exceptions import Unreadable
from education.references.record import Record
from gutskin import limits

LEFT_OUT = {"doi", "pmid", "pmcid", "url"}
ROW_OF_LETTERS = re.compile(rb"[\xc0-\xff]{4,}")
# Values that continue on further lines are joined one line at a time.
MOST_LINES_OF_RIS = 50_000
BYTE_ORDER_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]


@dataclass
class Entry:
    """One entry of a file: its record, or a sentence that says why there is none."""

    label: str
    record: Record | None = None
    problem: str = ""


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or UTF-32, with or without a byte order mark, or else in a Windows code page.

    Raises Unreadable if it is not text.
    """
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), "")
    if not encoding:
        # Without a mark, a zero in every second byte means UTF-16, as some Windows programs write it.
        encoding = (
            "utf-16-le" if content[1:200:2].count(0) > 20 else "utf-16-be" if content[:200:2].count(0) > 20 else ""
        )
    for candidate in [encoding] if encoding else ["utf-8", *_guesses(content)]:
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    raise Unreadable(_("This is not a text file. Export the references as RIS, BibTeX, CSL-JSON or MEDLINE."))


def is_guessed(content: bytes) -> bool:
    """Whether the file does not say how its letters are encoded, so that some of them may be wrong."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return not content.startswith(tuple(mark for mark, _name in BYTE_ORDER_MARKS)) and b"\0" not in content
    return False


def _guesses(content):
    """Russian words are rows of letters beyond ASCII; in western languages they are single.

    Latin-1 comes last, because it decodes anything; the others leave a few bytes undefined.
    """
    beyond, in_rows = sum(byte > 127 for byte in content), sum(map(len, ROW_OF_LETTERS.findall(content)))
    return ["cp1251", "cp1252", "latin-1"] if in_rows > beyond / 2 else ["cp1252", "latin-1"]


def read(text: str) -> list[Entry]:
    """The entries of a RIS, BibTeX, CSL-JSON or MEDLINE file. Raises Unreadable if there are none, or too many."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff \n\t")
    if not text:
        raise Unreadable(_("It is empty."))
    if "\0" in text:
        raise Unreadable(_("This is not a text file. Export the references as RIS, BibTeX, CSL-JSON or MEDLINE."))
    if len(text.encode(errors="replace")) > limits.LARGEST_REFERENCE_TEXT_BYTES:
        raise Unreadable(_("It is too long. Import it in several parts."))
    entries = _reader(text)(text)
    if not entries:
        raise Unreadable(_("There are no references in it."))
    _refuse_too_many(len(entries))
    return [_entry(label, found) for label, found in entries]


def _refuse_too_many(count):
    if count > limits.MOST_IMPORTED_REFERENCES:
        raise Unreadable(
            _("There are %(count)s references in it. At most %(most)s can be read at a time.")
            % {"count": count, "most": limits.MOST_IMPORTED_REFERENCES}
        )


def _reader(text):
    # The content decides, not the name of the file: people also paste text, and exports have odd extensions.
    if text[0] in "[{":
        return _csl
    if any(ris.BEGINNING.match(line) for line in text.splitlines()):
        return _ris
    if medline.is_medline(text):
        return _medline
    if "@" in text:
        return _bibtex
    raise Unreadable(_("This is not in a format that we can read: RIS, BibTeX, CSL-JSON or MEDLINE."))


# Each of these counts before it parses: even a small file could keep the server busy for minutes.


def _ris(text):
    lines = text.splitlines()
    _refuse_too_many(sum(bool(ris.BEGINNING.match(line)) for line in lines))
    if len(lines) > MOST_LINES_OF_RIS:
        raise Unreadable(_("It is too long. Import it in several parts."))
    return ris.read(text)


def _medline(text):
    _refuse_too_many(medline.count(text))
    return medline.read(text)


def _bibtex(text):
    # Few web processes ever read BibTeX, and each would keep the megabyte of its parser.
    from education.references import bibtex

    if bibtex.is_too_large(text):
        raise Unreadable(_("It is too long. Import it in several parts."))
    return bibtex.read(text)


def _csl(text):
    try:
        data = json.loads(text)
        items = data.get("items") if isinstance(data, dict) else data
        _refuse_too_many(len(items) if isinstance(items, list) else 0)
        return csl_json.read(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("This looks like CSL-JSON, but it is damaged.")) from error


def _entry(label, found):
    """Refuse a record without a title, or with a value that does not fit into the database."""
    if isinstance(found, Unreadable):
        return Entry(label, problem=str(found))
    _fit(found)
    if problem := length_problem(found):
        return Entry(label, problem=problem)
    if not found.title:
        return Entry(label, problem=_("It has no title."))
    return Entry(label or found.title, record=found)


def _fit(record):
    """Cuts every value but the title that is too long to be stored, and lists its field as still to be confirmed.

    A number or an address would be another one if it were cut, so it is left out.
    """
    for name, value in record.values().items():
        limit = getattr(Reference._meta.get_field(name), "max_length", None)
        if isinstance(value, str) and limit and len(value) > limit and name != "title":
            setattr(record, name, "" if name in LEFT_OUT else value[:limit].rpartition(" ")[0] or value[:limit])
            record.unconfirmed_fields.append(name)


def length_problem(record: Record) -> str:
    """A sentence about the first field that is too long to be stored; "" if there is none."""
    for name, value in record.values().items():
        limit = getattr(Reference._meta.get_field(name), "max_length", None)
        if isinstance(value, str) and limit and len(value) > limit:
            return _("Its field “%(field)s” is longer than %(limit)s characters.") % {
                "field": Reference._meta.get_field(name).verbose_name,
                "limit": limit,
            }
    return ""
