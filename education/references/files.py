"""Import of files from reference managers (EndNote, Zotero, Mendeley): limits, and the choice of format."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from education.references import csl_json, medline, pubmed, ris
from education.references.exceptions import Unreadable
from education.references.record import Record
from education.references.storable import make_storable
from gutskin import limits

# Values that continue on further lines are joined one line at a time.
MOST_LINES_OF_RIS = 50_000


@dataclass
class Entry:
    """One entry of a file: its record, or a sentence that says why there is none.

    `is_guessed` says that its letters may be wrong, since the file does not say how they are encoded; `has_only_title`
    that it does not say which paper it is.
    """

    label: str
    record: Record | None = None
    problem: str = ""
    is_guessed: bool = False
    has_only_title: bool = False


def read(text: str) -> list[Entry]:
    """The entries of a RIS, BibTeX, CSL-JSON, MEDLINE or PubMed XML file.

    Raises Unreadable if there are none, or too many.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff \n\t")
    if not text:
        raise Unreadable(_("It is empty."))
    if "\0" in text:
        raise Unreadable(
            _("This is not a text file. Export the references as RIS, BibTeX, CSL-JSON, MEDLINE or PubMed XML.")
        )
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
    if pubmed.is_xml(text):
        return _pubmed
    if any(ris.BEGINNING.match(line) for line in text.splitlines()):
        return _ris
    if medline.is_medline(text):
        return _medline
    if "@" in text:
        return _bibtex
    raise Unreadable(_("This is not in a format that we can read: RIS, BibTeX, CSL-JSON, MEDLINE or PubMed XML."))


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


def _pubmed(text):
    _refuse_too_many(pubmed.count(text))
    return pubmed.read_file(text)


def _bibtex(text):
    # Few web processes ever read BibTeX, and each would keep the megabyte of its parser.
    from education.references import bibtex

    if bibtex.is_too_large(text):
        raise Unreadable(_("It is too long. Import it in several parts."))
    return bibtex.read(text)


def _csl(text):
    try:
        items = csl_json.items(json.loads(text))
        _refuse_too_many(len(items))
        return csl_json.read(items)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("This looks like CSL-JSON, but it is damaged.")) from error


def _entry(label, found):
    """What can be stored of a record; a sentence for one without a title."""
    if isinstance(found, Unreadable):
        return Entry(label, problem=str(found))
    record = make_storable(found)
    if not record.title:
        return Entry(label, problem=_("It has no title."))
    return Entry(record.title, record=record, has_only_title=_has_only_title(record))


def _has_only_title(record):
    numbers = (record.doi, record.pmid, record.pmcid, record.url)
    rest = (record.authors, record.year, record.posted, record.container_title, record.publisher)
    return not any((*numbers, *rest))
