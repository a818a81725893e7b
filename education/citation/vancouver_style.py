"""References in Vancouver style: ICMJE Recommendations, and the NLM's Citing Medicine (2nd ed., updated 2015)."""

import re
from dataclasses import replace
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from education.citation.confirmed_record import confirmed, person
from education.models import Reference, ReferenceType

# The ICMJE's sample references list six authors.
AUTHORS_SHOWN = 6
# The NLM's abbreviations. Months are in English, whatever the language of the page.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


# All of which the text is made, and by which it is found again.
FIELDS = (
    "type", "authors", "et_al", "title", "container_title", "publisher", "publisher_place", "edition", "year", "volume",
    "issue", "page", "accessed", "posted", "unconfirmed_fields",
)  # fmt: skip


def vancouver(reference, brief: bool = False) -> str:
    """A reference as plain text, without its link and without unconfirmed fields.

    A brief one names one author or two, title, journal and year, if a link leads to the rest.
    """
    values = (getattr(reference, name) for name in FIELDS)
    values = (tuple(value) if isinstance(value, list) else value for value in values)
    return _vancouver(get_language(), brief and bool(reference.link), *values)


@lru_cache(maxsize=10_000)
def _vancouver(_language, is_brief, *values):
    """Made once for all pages that cite it."""
    record = confirmed(Reference(**dict(zip(FIELDS, values, strict=True))))
    most = AUTHORS_SHOWN
    if is_brief:
        record = replace(record, volume="", issue="", page="")
        most = _authors_if_brief(record)
    # Unknown types are treated as articles, the most common kind.
    parts = {
        ReferenceType.PREPRINT: _preprint,
        ReferenceType.BOOK: _book,
        ReferenceType.CHAPTER: _chapter,
        ReferenceType.GUIDELINE: _report,
        ReferenceType.WEB_PAGE: _web_page,
    }.get(record.type, _article)(record)
    return " ".join(_closed(part) for part in [_authors(record, most), *parts] if part)


def author_and_year(reference) -> str:
    """What names a source in a few words: “Wang FY, Chi CC 2019”, “Zhao Y et al. 2025”."""
    record = confirmed(reference)
    most = _authors_if_brief(record)
    authors = " ".join([", ".join(record.authors[:most]), _("et al.") if _has_more(record, most) else ""]).strip()
    return " ".join(filter(None, [authors or record.title, record.year]))


def _authors_if_brief(record):
    """Two authors are both named: “et al” would stand for one person."""
    return 2 if len(record.authors) == 2 and not record.et_al else 1


def _closed(part):
    return part if part.endswith((".", "?", "!")) else f"{part}."


def _authors(record, most):
    """At most so many, then “et al”. A comma separates people, a semicolon an organisation from its neighbours."""
    shown = record.authors[:most]
    text = "".join(
        name if position == 0 else f"{', ' if person(name) and person(shown[position - 1]) else '; '}{name}"
        for position, name in enumerate(shown)
    )
    if text and _has_more(record, most):
        text += f", {_('et al')}"
    return text


def _has_more(record, most):
    """If “et al” is true: there are more authors than are named."""
    return record.et_al or len(record.authors) > most


def _article(record):
    """Title. Journal. Year;volume(issue):pages."""
    issue = f"({record.issue})" if record.issue else ""
    # Each part brings the punctuation before it, so that a missing one leaves no stray sign.
    where = ";".join(filter(None, [record.year, f"{record.volume}{issue}"]))
    if record.page:
        where += f":{record.page}" if where else record.page
    return [record.title, record.container_title, where]


def _preprint(record):
    """Title. Server [Preprint]. 2026 Nov 22. The day of this version takes the place of volume and pages."""
    return [record.title, _joined(record.container_title, _("[Preprint]")), _day(record.posted) or record.year]


def _book(record):
    """Title. 2nd ed. Place: Publisher; year."""
    return [record.title, _edition(record), _imprint(record, record.publisher)]


def _chapter(record):
    """Title. In: Title of the book. 2nd ed. Place: Publisher; year. p. 1-9."""
    book = _("In: %(book)s") % {"book": record.container_title} if record.container_title else ""
    pages = _("p. %(pages)s") % {"pages": record.page} if record.page else ""
    return [record.title, book, _edition(record), _imprint(record, record.publisher), pages]


def _report(record):
    """Title. 2nd ed. Place: Publisher; year [cited 2026 Nov 22]."""
    imprint = _imprint(record, record.publisher or record.container_title)
    return [record.title, _edition(record), _joined(imprint, _cited(record))]


def _web_page(record):
    """Title [Internet]. Place: Publisher; year [cited 2026 Nov 22]. The site replaces a missing publisher."""
    title = _joined(record.title, _("[Internet]"))
    imprint = _imprint(record, record.publisher or record.container_title)
    return [title, _joined(imprint, _cited(record))]


def _imprint(record, publisher):
    """Place, publisher and year. A publisher that is also the author is repeated, as Citing Medicine requires."""
    issued = ": ".join(filter(None, [record.publisher_place, publisher]))
    return "; ".join(filter(None, [issued, record.year]))


def _edition(record):
    """“4th ed.” for “4” and “4th”; “Rev. ed.” and the like stay as they are."""
    edition = record.edition
    if not edition or re.search(r"\bed(\.|ition)?$", edition, re.IGNORECASE):
        return edition
    return f"{_ordinal(int(edition)) if edition.isdecimal() else edition} ed."


def _ordinal(number):
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _cited(record):
    return _("[cited %(date)s]") % {"date": _day(record.accessed)} if record.accessed else ""


def _day(day):
    return f"{day.year} {MONTHS[day.month - 1]} {day.day}" if day else ""


def _joined(*parts):
    return " ".join(filter(None, parts))
