"""Do we have this paper already? By DOI, PMID, PMCID, or title and year."""

from dataclasses import dataclass

from django.db.models import Q

from education.models import Reference, ReferenceStatus
from education.references import integrity
from education.references.record import Record


@dataclass
class Known:
    key: str
    is_rejected: bool


class Shelf:
    """All that is stored, looked up by what must be theirs alone: one query for a whole file."""

    def __init__(self):
        self._by_mark = {}
        rows = Reference.objects.values(
            "key", "doi", "pmid", "pmcid", "title", "year", "status", "merged_into__key"
        ).order_by("pk")
        # A rejected record comes first and is written over by one that stands.
        for row in sorted(rows, key=lambda row: row["status"] != ReferenceStatus.REJECTED):
            known = Known(row["merged_into__key"] or row["key"], row["status"] == ReferenceStatus.REJECTED)
            for mark in integrity.marks(row):
                self._by_mark[mark] = known

    def find(self, record: Record) -> Known | None:
        """The reference that stands for this paper, if there is one."""
        return next((self._by_mark[mark] for mark in integrity.marks(vars(record)) if mark in self._by_mark), None)

    def put(self, record: Record, key: str):
        """So that the second of two like entries in one file is seen."""
        for mark in integrity.marks(vars(record)):
            self._by_mark.setdefault(mark, Known(key, False))


def others() -> integrity.Others:
    """For integrity.problems: all references that stand for themselves."""
    return integrity.Others(Reference.objects.public().values(*integrity.READ))


def values_of(reference: Reference) -> dict:
    """A stored reference as integrity.problems reads it."""
    return {name: getattr(reference, name) for name in integrity.READ}


def problems_of(reference: Reference) -> list[integrity.Problem]:
    """What is wrong with one stored reference; a duplicate shares everything with the one kept, as it should."""
    rivals = Reference.objects.public()
    if reference.merged_into_id:
        rivals = rivals.exclude(pk=reference.merged_into_id)
    # Titles have to be read to be compared; a year narrows them to a few.
    like = Q(year=reference.year) if reference.year else Q(pk__in=[])
    for name in ("doi", "pmid", "pmcid"):
        if value := getattr(reference, name):
            like |= Q(**{f"{name}__iexact": value})
    return integrity.problems(values_of(reference), integrity.Others(rivals.filter(like).values(*integrity.READ)))
