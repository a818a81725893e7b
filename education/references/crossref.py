"""Look-up of a DOI in Crossref's REST API: `/works/<doi>`, a message of type `work` (api.crossref.org/swagger-ui)."""

import json
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.client import RegisterClient
from education.references.exceptions import Unreachable
from education.references.identifiers import clean_doi
from education.references.names import vancouver_name
from education.references.notices import Notice, kind_of_title
from education.references.record import MOST_AUTHORS, Record, day_of, pages, plain, year_of

REGISTER = "Crossref"
TYPES = {
    "book": ReferenceType.BOOK,
    "edited-book": ReferenceType.BOOK,
    "monograph": ReferenceType.BOOK,
    "reference-book": ReferenceType.BOOK,
    "book-chapter": ReferenceType.CHAPTER,
    "book-section": ReferenceType.CHAPTER,
    "book-part": ReferenceType.CHAPTER,
    "reference-entry": ReferenceType.CHAPTER,
    "report": ReferenceType.GUIDELINE,
    "report-component": ReferenceType.GUIDELINE,
    "standard": ReferenceType.GUIDELINE,
    "posted-content": ReferenceType.PREPRINT,
    "proceedings-article": ReferenceType.CHAPTER,
    "book-set": ReferenceType.BOOK,
    "book-series": ReferenceType.BOOK,
    "proceedings": ReferenceType.BOOK,
    "dissertation": ReferenceType.BOOK,
}
# Types of update that publishers register for a paper (crossref.org/documentation/crossmark). The field `relation` is
# not read: Crossref records corrections and retractions as updates and uses `relation` for other links.
NOTICES = {
    "retraction": "retraction",
    "withdrawal": "retraction",
    "removal": "retraction",
    "correction": "correction",
    "erratum": "correction",
    "corrigendum": "correction",
    "addendum": "correction",
    "clarification": "correction",
}
NO_NOTICE = {"new_version", "new_edition"}
# The year in print comes first, as citations give it; all of the years are accepted in a comparison.
PUBLISHED = ["published-print", "posted", "issued", "published", "published-online"]


def find(doi: str, client: RegisterClient) -> Record:
    """The record for a DOI. Makes one request; raises NotFound or Unreachable."""
    address = f"{settings.CROSSREF_URL.rstrip('/')}/works/{quote(doi, safe='/')}"
    params = {"mailto": settings.REGISTER_CONTACT} if settings.REGISTER_CONTACT else None
    return read(client.get(address, params=params, register=REGISTER), doi)


def read(body: bytes, doi: str) -> Record:
    """The record in a response of the API. Raises Unreachable if it is not a work."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreachable(_("Crossref sent something that is not a record.")) from error
    message = answer.get("message") if isinstance(answer, dict) else None
    # Every field is checked for its type: what a register sends is input like any other.
    if not isinstance(message, dict) or not isinstance(message.get("DOI"), str) or not isinstance(doi, str):
        raise Unreachable(_("Crossref sent something that is not a record."))
    years = [year for name in PUBLISHED if (year := _year(message.get(name)))]
    containers = [name for key in ("container-title", "short-container-title") for name in _texts(message.get(key))]
    issue = message.get("journal-issue")
    authors = _authors(message.get("author") or message.get("editor"))
    kind = TYPES.get(plain(message.get("type")), ReferenceType.ARTICLE)
    if kind == ReferenceType.PREPRINT:
        # A preprint has no journal, but a server.
        containers = [*_servers(message), *containers]
    record = Record(
        type=kind.value,
        authors=authors[:MOST_AUTHORS],
        et_al=len(authors) > MOST_AUTHORS,
        title=_title(message),
        container_title=containers[0] if containers else "",
        publisher=plain(message.get("publisher")),
        publisher_place=plain(message.get("publisher-location")),
        edition=plain(message.get("edition-number")),
        year=years[0] if years else None,
        volume=plain(message.get("volume")),
        issue=plain(message.get("issue")) or (plain(issue.get("issue")) if isinstance(issue, dict) else ""),
        page=pages(message.get("page")) or plain(message.get("article-number")),
        # DOIs are case-insensitive; the spelling that was asked for is kept.
        doi=doi if message["DOI"].casefold() == doi.casefold() else clean_doi(message["DOI"]),
        posted=day_of(_parts(message.get("posted") or message.get("issued"))),
        years=sorted(set(years)),
        other_containers=containers[1:],
        notices=_notices(message),
    )
    _mark_notice(record, message)
    return record


def _servers(message):
    """The names of the preprint's server: an institution such as medRxiv, or the name of a group."""
    institutions = message.get("institution")
    institutions = _dicts(institutions if isinstance(institutions, list) else [institutions])
    return [name for found in institutions if (name := plain(found.get("name")))] or _texts(message.get("group-title"))


def _mark_notice(record, message):
    """A record that updates another DOI is the notice of a retraction or correction, and not the paper."""
    own = message["DOI"].casefold()
    for update in _dicts(message.get("update-to")):
        kind, target = _kind_of_update(update), plain(update.get("DOI"))
        if target and target.casefold() != own and kind not in NO_NOTICE:
            record.is_notice = True
            record.remarks.append(
                _("Crossref calls it a notice (%(kind)s) about %(doi)s; it is not the paper.")
                % {"kind": kind.replace("_", " "), "doi": target}
            )


def _title(message):
    titles, subtitles = _texts(message.get("title")), _texts(message.get("subtitle"))
    title = titles[0] if titles else ""
    if subtitles and subtitles[0].casefold() not in title.casefold():
        return f"{title}: {subtitles[0]}" if title else subtitles[0]
    return title


def _notices(message):
    """`updated-by` of the paper, and its `update-to` if the publisher changed the paper under its own DOI."""
    own = message["DOI"].casefold()
    updates = _dicts(message.get("updated-by"))
    updates += [update for update in _dicts(message.get("update-to")) if plain(update.get("DOI")).casefold() == own]
    found = []
    for update in updates:
        update_type = _kind_of_update(update)
        # A type that we do not know is reported as a concern, so that a person looks at it.
        notice = Notice(NOTICES.get(update_type, "concern"), plain(update.get("DOI")) or plain(update.get("label")))
        if update_type not in NO_NOTICE and notice not in found:
            found.append(notice)
    # Some publishers only change the title and register no update.
    if kind_of_title(_title(message)) == "retracted" and not any(notice.kind == "retraction" for notice in found):
        found.append(Notice("retraction", _("its title at Crossref")))
    return found


def _kind_of_update(update):
    return plain(update.get("type")).casefold().replace("-", "_").replace(" ", "_")


def _authors(people):
    names = []
    for person in _dicts(people):
        family, given = plain(person.get("family")), plain(person.get("given"))
        # A person with one name only may have it as a given name; an organisation has `name`.
        organisation = plain(person.get("name")) or plain(person.get("literal"))
        name = (
            vancouver_name(family, given, plain(person.get("suffix"))) if family or not organisation else organisation
        )
        if name:
            names.append(name)
    return names


def _parts(date):
    """The parts of a date: [2020, 3, 5]."""
    parts = date.get("date-parts") if isinstance(date, dict) else None
    while isinstance(parts, list) and parts and isinstance(parts[0], list):
        parts = parts[0]
    return parts if isinstance(parts, list) else []


def _year(date):
    parts = _parts(date)
    return year_of(parts[0]) if parts else None


def _texts(value):
    return [text for entry in (value if isinstance(value, list) else [value]) if (text := plain(entry))]


def _dicts(value):
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
