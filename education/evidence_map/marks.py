"""The marks of a cell: its statements grouped by effect and certainty, shown side by side and never averaged."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from education.models import Certainty, Effect

# More would not fit into the drawing; the rest is counted in Cell.more.
LONGEST_LIST_OF_MARKS = 3


@dataclass(frozen=True)
class Mark:
    """The statements of a cell that have the same effect and certainty."""

    effect: str
    certainty: str
    count: int

    @property
    def effect_label(self):
        return str(Effect(self.effect).label)

    @property
    def is_rated(self):
        return bool(self.certainty)

    @property
    def level_label(self):
        return str(Certainty(self.certainty).label) if self.certainty else ""

    @property
    def certainty_label(self):
        """The level in the words of GRADE; empty if there is nothing that could be rated."""
        return {
            Certainty.HIGH: _("High certainty"),
            Certainty.MODERATE: _("Moderate certainty"),
            Certainty.LOW: _("Low certainty"),
            Certainty.VERY_LOW: _("Very low certainty"),
        }.get(self.certainty, "")


def marks_of(statements) -> list[Mark]:
    """At most three marks, the most certain first.

    GRADE rates one outcome at a time, so levels are never averaged. If there are more than three, “makes worse” takes
    the last place: a harm must not be cut off.
    """
    # By effect and certainty together: the same effect at two levels is two marks.
    counts = Counter((statement.effect, statement.certainty) for statement in statements)
    ordered = sorted((Mark(*pair, count) for pair, count in counts.items()), key=_rank)
    shown = ordered[:LONGEST_LIST_OF_MARKS]
    harm = next((mark for mark in ordered if mark.effect == Effect.WORSE), None)
    if harm and harm not in shown:
        shown[-1] = harm
    return shown


def _rank(mark):
    """The most certain first and unrated ones last; at the same level, harm comes first."""
    levels = [*Certainty.values, ""]
    return levels.index(mark.certainty), mark.effect != Effect.WORSE, Effect.values.index(mark.effect)
