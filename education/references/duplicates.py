"""Duplicates: whether a paper is already stored, by DOI, PMID, PMCID, or title and year."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Lower, Trim

from education.models import Reference, ReferenceStatus
from education.references import integrity
from education.references.record import Record

NUMBERS = ("doi", "pmid", "pmcid")


@dataclass
class KnownReference:
    key: str
    is_rejected: bool


class KnownReferences:
    """All stored references by the values that identify a paper. One query, however many papers are looked up."""

    def __init__(self):
        self._by_value = {}
        rows = Reference.objects.values(
            "key", "doi", "pmid", "pmcid", "title", "year", "status", "merged_into__key"
        ).order_by("pk")
        # Rejected references come first, so that others with the same values replace them.
        for row in sorted(rows, key=lambda row: row["status"] != ReferenceStatus.REJECTED):
            known = KnownReference(row["merged_into__key"] or row["key"], row["status"] == ReferenceStatus.REJECTED)
            for value in integrity.identifying_values(row):
                self._by_value[value] = known

    def find(self, record: Record) -> KnownReference | None:
        """The stored reference for this paper, if there is one; for a duplicate, the one it was merged into."""
        values = integrity.identifying_values(vars(record))
        return next((self._by_value[value] for value in values if value in self._by_value), None)

    def add(self, record: Record, key: str):
        """Remember a paper that is about to be stored, so that the second of two equal entries in a file is noticed."""
        for value in integrity.identifying_values(vars(record)):
            self._by_value.setdefault(value, KnownReference(key, is_rejected=False))


def public_reference_index() -> integrity.ReferenceIndex:
    """Every public reference, to compare one with in `integrity.problems`. One query."""
    return integrity.ReferenceIndex(Reference.objects.public().values(*integrity.FIELDS))


def rivals_by_number(references: Iterable[Reference]) -> integrity.ReferenceIndex:
    """The public references that share a DOI, PMID or PMCID with one of these. One query."""
    same_number = Q(pk__in=[])
    for name in NUMBERS:
        values = [getattr(reference, name).strip() for reference in references if getattr(reference, name)]
        same_number |= Q(**{f"plain_{name}__in": {*values, *map(str.lower, values)}})
    plain = {f"plain_{name}": Lower(Trim(name)) for name in NUMBERS}
    return integrity.ReferenceIndex(
        Reference.objects.public().alias(**plain).filter(same_number).values(*integrity.FIELDS)
    )


def values_of(reference: Reference) -> dict:
    """A stored reference as the mapping that `integrity.problems` takes."""
    return {name: getattr(reference, name) for name in integrity.FIELDS}


def problems_of(reference: Reference) -> list[integrity.Problem]:
    """What is wrong with one stored reference. One query.

    A duplicate is not compared with the reference it was merged into: those two should share everything.
    """
    # Only public references count: a rejected one may rightly share its values with the correct record.
    rivals = Reference.objects.public()
    if reference.merged_into_id:
        rivals = rivals.exclude(pk=reference.merged_into_id)
    # Normalised titles cannot be compared in SQL; the year narrows them down to a few.
    similar = Q(year=reference.year) if reference.year else Q(pk__in=[])
    for name in NUMBERS:
        if value := getattr(reference, name):
            similar |= Q(**{f"{name}__iexact": value})
    return integrity.problems(
        values_of(reference), integrity.ReferenceIndex(rivals.filter(similar).values(*integrity.FIELDS))
    )
