"""A condition's column or a therapy's row of the map, in small, for its own page. Costs no query."""

from dataclasses import dataclass

from education.evidence_map.marks import Mark, marks_of
from education.evidence_map.queries import intervention_labels
from education.evidence_map.table import cell_anchor


@dataclass(frozen=True)
class Entry:
    """One cell in small. Without marks it is one where we have not looked."""

    name: str
    marks: list[Mark]
    more: int
    statement: str  # short name of the first of its statements, which the entry links to
    cell: str  # id of the same cell on the page of the whole map


@dataclass(frozen=True)
class Strip:
    heading: str
    entries: list[Entry]


def column_strip(condition, statements) -> list[Strip]:
    """Everything that the map has for one condition; no strip without a statement."""
    if not statements:
        return []
    return [Strip("", [_entry(name, condition, value, statements) for value, name in intervention_labels().items()])]


def row_strip(statements, conditions) -> list[Strip]:
    """One strip for each intervention that the statements of a therapy's page are about."""
    named = {statement.intervention for statement in statements}
    return [
        Strip(name, [_entry(condition.shown_title, condition, value, statements) for condition in conditions])
        for value, name in intervention_labels().items()
        if value in named
    ]


def _entry(name, condition, intervention, statements):
    here = [s for s in statements if (s.condition_id, s.intervention) == (condition.pk, intervention)]
    marks = marks_of(here)
    return Entry(
        name=name,
        marks=marks,
        more=len(here) - sum(mark.count for mark in marks),
        statement=here[0].slug if here else "",
        cell=cell_anchor(condition, intervention),
    )
