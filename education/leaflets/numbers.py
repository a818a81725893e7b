"""Which numbers a leaflet shows: few, the most certain first, and harms beside benefits.

Only those that can be drawn as people, all out of the same number (`_out_of`), because readers compare them. What is
very uncertain, and what rests on a source that did not hold up, is left to the page, which has room to explain it.
"""

from typing import NamedTuple

from education.evidence_numbers import GRIDS, ShownNumber, shown_number
from education.models import Certainty, Effect

LEVELS = [Certainty.HIGH, Certainty.MODERATE, Certainty.LOW]


class Finding(NamedTuple):
    """A statement with the numbers that are shown of it: a benefit, a harm, or one of each."""

    sentence: str
    certainty: str
    numbers: tuple[ShownNumber, ...]

    @property
    def has_harm(self):
        return any(number.is_harm for number in self.numbers)


def leading_findings(statements, at_most: int) -> list[Finding]:
    """The findings of a page's statements with `at_most` numbers altogether. The statements come `with_flag()`."""
    ranked = sorted((statement for statement in statements if _is_eligible(statement)), key=_rank)
    out_of = _values(ranked[0])[0]["out_of"] if ranked else None
    findings = [finding for statement in ranked if (finding := _finding(statement, out_of))]
    chosen = _fitting(findings, at_most)
    if not any(finding.has_harm for finding in chosen):
        # A leaflet that shows what helps and not what harms would mislead.
        harm = next((finding for finding in findings if finding.has_harm), None)
        if harm:
            chosen = sorted([harm, *_fitting(chosen, at_most - len(harm.numbers))], key=findings.index)
    return chosen


def _fitting(findings, at_most):
    """The first ones with so many numbers; a benefit is never shown without the harm of the same statement."""
    chosen = []
    for finding in findings:
        if len(finding.numbers) <= at_most:
            chosen.append(finding)
            at_most -= len(finding.numbers)
    return chosen


def _is_eligible(statement):
    return statement.certainty in LEVELS and not statement.flag and _values(statement)


def _rank(statement):
    # Of equally certain ones, effects before mere links, and comparisons before figures of one group.
    return (
        LEVELS.index(statement.certainty),
        statement.effect == Effect.LINK,
        all(values["without_count"] is None for values in _values(statement)),
    )


def _values(statement):
    return [values for values in statement.shown_numbers if values["out_of"] in GRIDS]


def _finding(statement, out_of):
    usable = [values for values in _values(statement) if values["out_of"] == out_of]
    first = [next((values for values in usable if values["is_harm"] == harm), None) for harm in (False, True)]
    numbers = tuple(shown_number(values) for values in first if values)
    return Finding(statement.shown.sentence, statement.certainty, numbers) if numbers else None
