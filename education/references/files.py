"""Files of reference managers (EndNote, Zotero, Mendeley): from bytes to text, and to the reader of their format."""

import codecs
import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from education.models import Reference
from education.references import bibtex, csl_json, ris
from education.references.exceptions import Unreadable
from education.references.record import Record
from gutskin import limits

# Line breaks inside a value are put together one by one.
MOST_LINES_OF_RIS = 50_000
MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]


@dataclass
class Entry:
    """One entry of a file: its record, or the sentence that says why there is none."""

    label: str
    record: Record | None = None
    trouble: str = ""


def decode(content: bytes) -> str:
    """Text in UTF-8, UTF-16 or UTF-32, with or without a mark; else as Windows writes it in western Europe.

    Raises Unreadable for what is no text at all.
    """
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "")
    if not encoding:
        # Text that has no mark and a zero in every second byte is UTF-16 as Windows programs write it.
        encoding = (
            "utf-16-le" if content[1:200:2].count(0) > 20 else "utf-16-be" if content[:200:2].count(0) > 20 else ""
        )
    for candidate in [encoding] if encoding else ["utf-8", "cp1252", "latin-1"]:
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    raise Unreadable(_("This is not a text file. Export the references as RIS, BibTeX or CSL-JSON."))


def read(text: str) -> list[Entry]:
    """The entries of a RIS, BibTeX or CSL-JSON file, told apart by how it begins. Raises Unreadable."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff \n\t")
    if not text:
        raise Unreadable(_("There is nothing in it."))
    if "\0" in text:
        raise Unreadable(_("This is not a text file. Export the references as RIS, BibTeX or CSL-JSON."))
    if len(text.encode(errors="replace")) > limits.LARGEST_REFERENCE_TEXT_BYTES:
        raise Unreadable(_("It is too long. Import it in several parts."))
    entries = _reader(text)(text)
    if not entries:
        raise Unreadable(_("No reference was found in it."))
    _refuse_too_many(len(entries))
    return [_entry(label, found) for label, found in entries]


def _refuse_too_many(count):
    if count > limits.MOST_IMPORTED_REFERENCES:
        raise Unreadable(
            _("There are %(count)s references in it. At most %(most)s can be read at a time.")
            % {"count": count, "most": limits.MOST_IMPORTED_REFERENCES}
        )


def _reader(text):
    if text[0] in "[{":
        return _csl
    if any(line.startswith("TY  -") for line in text.splitlines()):
        return _ris
    if "@" in text:
        return _bibtex
    raise Unreadable(_("This looks like none of the formats we can read: RIS, BibTeX and CSL-JSON."))


# Each counts before it reads: a file can be small and yet keep the server busy for minutes.


def _ris(text):
    lines = text.splitlines()
    _refuse_too_many(sum(line.lstrip().startswith("TY  -") for line in lines))
    if len(lines) > MOST_LINES_OF_RIS:
        raise Unreadable(_("It is too long. Import it in several parts."))
    return ris.read(text)


def _bibtex(text):
    if bibtex.is_too_much(text):
        raise Unreadable(_("It is too long. Import it in several parts."))
    return bibtex.read(text)


def _csl(text):
    try:
        data = json.loads(text)
        items = data.get("items") if isinstance(data, dict) else data
        _refuse_too_many(len(items) if isinstance(items, list) else 0)
        return csl_json.read(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("This begins like CSL-JSON, but it is damaged.")) from error


def _entry(label, found):
    """A record needs a title or an author, and nothing longer than its place in the database."""
    if isinstance(found, Unreadable):
        return Entry(label, trouble=str(found))
    from_record = too_long(found)
    if from_record:
        return Entry(label, trouble=from_record)
    if not found.title:
        return Entry(label, trouble=_("It has no title."))
    return Entry(label or found.title, record=found)


def too_long(record: Record) -> str:
    """The sentence that names a field with more characters than can be stored; "" when all fit."""

    for name, value in record.values().items():
        limit = getattr(Reference._meta.get_field(name), "max_length", None)
        if isinstance(value, str) and limit and len(value) > limit:
            return _("Its field “%(field)s” is longer than %(limit)s characters.") % {
                "field": Reference._meta.get_field(name).verbose_name,
                "limit": limit,
            }
    return ""
