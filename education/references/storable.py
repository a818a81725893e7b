"""The last step before a record is shown: what cannot be stored is cut or left out, and what was guessed is listed."""

import re
from datetime import date

from django.utils.translation import gettext as _

from education.models import Reference
from education.references import preprints
from education.references.names import ET_AL
from education.references.record import Record

# A number or an address would be another one if it were cut.
LEFT_OUT = {"doi", "pmid", "pmcid", "url"}
# Letters of UTF-8 that a program took for Windows-1252 and encoded again: “Ã©” for “é”.
TWICE_ENCODED = re.compile(r"[\u00c2-\u00f4][\u0080-\u00ff\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,3}")


def make_storable(record: Record) -> Record:
    """Cut or empty every value that the database cannot take, and return the record.

    The fields are listed in `unconfirmed_fields`, and the reasons in `remarks`.
    """
    _undo_double_encoding(record)
    _mark_missing_authors(record)
    preprints.recognise(record)
    for name in ("accessed", "posted"):
        _keep_only_days(record, name)
    for name, value in record.values().items():
        limit = getattr(Reference._meta.get_field(name), "max_length", None)
        if isinstance(value, str) and limit and len(value) > limit:
            _shorten(record, name, value, limit)
    record.remarks = list(dict.fromkeys(record.remarks))
    return record


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


def _shorten(record, name, value, limit):
    is_cut = name not in LEFT_OUT
    setattr(record, name, (value[:limit].rpartition(" ")[0] or value[:limit]) if is_cut else "")
    record.unconfirmed_fields.append(name)
    sentence = (
        _("Its field “%(field)s” is longer than %(limit)s characters, and was cut.")
        if is_cut
        else _("Its field “%(field)s” is longer than %(limit)s characters, and was left out.")
    )
    label = Reference._meta.get_field(name).verbose_name
    record.remarks.append(sentence % {"field": label, "limit": limit})


def _keep_only_days(record, name):
    value = getattr(record, name)
    try:
        date.fromisoformat(value)
    except ValueError:
        setattr(record, name, "")
        if value:
            label = Reference._meta.get_field(name).verbose_name
            record.remarks.append(
                _("“%(value)s” is not a day, so “%(field)s” was left out.") % {"value": value[:40], "field": label}
            )


def _mark_missing_authors(record):
    """“et al.” in the list of authors is no author: it says that the list is not complete."""
    named = [name for name in record.authors if not ET_AL.fullmatch(name)]
    if len(named) < len(record.authors):
        record.authors, record.et_al = named, True


def _undo_double_encoding(record):
    for name in ("title", "container_title", "publisher", "publisher_place"):
        setattr(record, name, _encoded_once(getattr(record, name), record.remarks))
    record.authors = [_encoded_once(name, record.remarks) for name in record.authors]
    if any("\ufffd" in text for text in [record.title, record.container_title, *record.authors]):
        record.remarks.append(_("Letters are missing: the file has “\ufffd” in their place."))


def _encoded_once(text, remarks):
    read = TWICE_ENCODED.sub(_decoded, text)
    if read != text:
        remarks.append(
            _("“%(before)s” was encoded twice, and was read as “%(after)s”.")
            % {"before": text[:60], "after": read[:60]}
        )
    return read


def _decoded(match):
    for end in range(len(match[0]), 1, -1):
        try:
            letters = b"".join(_byte(letter) for letter in match[0][:end]).decode()
        except UnicodeError:
            continue
        if len(letters) == 1:
            return letters + match[0][end:]
    return match[0]


def _byte(letter):
    # Five bytes have no letter in Windows-1252; programs pass them on as they are.
    return bytes([ord(letter)]) if 0x80 <= ord(letter) <= 0x9F else letter.encode("cp1252")
