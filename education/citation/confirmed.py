"""What may be handed on of a record: docs/decisions/0007."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from education.citation.names import one_line
from education.models import ReferenceStatus
from education.models.reference import AUTHORS_AFTER_THE_FIRST

LEFT_OUT_UNLESS_CONFIRMED = (
    "publisher", "publisher_place", "edition", "year", "volume", "issue", "page", "doi", "pmid", "pmcid",
)  # fmt: skip


@dataclass(frozen=True)
class ConfirmedRecord:
    """A reference without what nobody has confirmed, every value on one line; empty where there is nothing to say."""

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
    note: str


def confirmed(reference) -> ConfirmedRecord:
    """First author and title stand even so: without them nobody could look the paper up and confirm it."""
    kept = {
        name: "" if name in reference.unconfirmed_fields else one_line(getattr(reference, name) or "")
        for name in LEFT_OUT_UNLESS_CONFIRMED
    }
    authors = [name for author in reference.authors if (name := one_line(author))]
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
        note=_note(reference),
        **kept,
    )


def _note(reference):
    """What a colleague must know who copies the record into a list of their own."""
    said = []
    if reference.status in {ReferenceStatus.RETRACTED, ReferenceStatus.CORRECTED}:
        said.append(f"{reference.get_status_display()}: {reference.status_reason}".removesuffix(": "))
    if reference.unconfirmed_fields:
        fields = ", ".join(str(label) for label in reference.unconfirmed_labels)
        said.append(_("Not yet confirmed against the paper: %(fields)s.") % {"fields": fields})
    return one_line(" ".join(said))
