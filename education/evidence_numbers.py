"""The numbers of an evidence statement, as readers see them: in words, and as an icon array.

An icon array shows people as marks: those affected are large, from the left below, and the others are small. With and
without are drawn side by side out of the same number (Galesic 2009, Health Psychol 28:210-216).
"""

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

# Columns and rows of the marks that stand for so many people. Of 10,000 people no one sees single marks.
GRIDS = {100: (10, 10), 1000: (40, 25)}
IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")
SPACE = 10  # between two marks, in units of the drawing
FIELDS = (
    "what", "who", "with_count", "without_count", "out_of", "low", "high", "with_label", "without_label", "difference",
    "interval_words", "scale", "noticeable", "after", "is_harm",
)  # fmt: skip


class IconArray(NamedTuple):
    """The paths of a drawing: each is dashed so finely that only dots are left, one for each person."""

    label: str
    count: int
    width: int
    height: int
    affected: str
    others: str


class ShownNumber(NamedTuple):
    what: str
    who: str
    is_harm: bool
    sentences: tuple[str, ...]
    arrays: tuple[IconArray, ...]
    source: str  # key of the reference


def stored_numbers(statement) -> list[dict]:
    """The numbers of a statement as plain values, to be kept with it when it is published."""
    numbers = statement.numbers.select_related("source").order_by("pk")
    return [{name: getattr(number, name) for name in FIELDS} | {"source": number.source.key} for number in numbers]


def shown_number(values: dict) -> ShownNumber:
    """From the values of stored_numbers(), in the active language."""
    return ShownNumber(
        what=values["what"],
        who=values["who"],
        is_harm=values["is_harm"],
        sentences=tuple(sentences(values)),
        arrays=tuple(_arrays(values)),
        source=values["source"],
    )


def sentences(values: dict) -> list[str]:
    """The number in words: how many with and without it, the interval, and after how long.

    It does not say “people”: they may be babies, and `who` names them.
    """
    if values["difference"]:
        found = [_("%(what)s: %(difference)s.") % values]
        found += [_("The true figure may be %(interval_words)s.") % values] if values["interval_words"] else []
        found += [_("The scale goes from %(scale)s.") % values] if values["scale"] else []
        found += [_("People notice %(noticeable)s.") % values] if values["noticeable"] else []
    else:
        found = [_people(values)]
        if values["low"] is not None and values["high"] is not None:
            labels = _with_labels(values)
            # Without what the label adds in brackets, which has just been said.
            labels["with_label"] = IN_BRACKETS.sub("", labels["with_label"])
            found.append(_("The true figure %(with_label)s may be from %(low)s to %(high)s.") % labels)
    return found + ([_("After %(after)s.") % values] if values["after"] else [])


def _people(values):
    values = _with_labels(values)
    if values["without_count"] is None:
        return _("%(what)s: %(with_count)s in %(out_of)s %(with_label)s.") % values
    with_it = _("%(what)s: %(with_count)s in %(out_of)s %(with_label)s") % values
    without_it = _("%(without_count)s in %(out_of)s %(without_label)s") % values
    return _("%(with_it)s, %(without_it)s.") % {"with_it": with_it, "without_it": without_it}


def _with_labels(values):
    counts = {name: _grouped(values[name]) for name in ("with_count", "without_count", "out_of", "low", "high")}
    return (
        values
        | counts
        | {
            "with_label": values["with_label"] or _("with it"),
            "without_label": values["without_label"] or _("without it"),
        }
    )


def _grouped(number):
    return None if number is None else f"{number:,}"


def _arrays(values):
    if values["out_of"] not in GRIDS:
        return
    labels = _with_labels(values)
    for count, label in (("with_count", "with_label"), ("without_count", "without_label")):
        if values[count] is not None:
            yield _array(labels[label], values[count], values["out_of"])


def _array(label, count, out_of):
    columns, rows = GRIDS[out_of]
    height = rows * SPACE
    full, rest = divmod(count, columns)
    affected = [_row(0, columns, number, height) for number in range(full)]
    others = [_row(0, columns, number, height) for number in range(full + bool(rest), rows)]
    if rest:
        affected.append(_row(0, rest, full, height))
        others.insert(0, _row(rest, columns, full, height))
    return IconArray(label, count, columns * SPACE, height, "".join(affected), "".join(others))


def _row(first, last, number, height):
    """A line through the places of the marks from `first` up to `last`, in the row with this number from below."""
    y = height - SPACE // 2 - number * SPACE
    # A hair longer than to the last mark, which would else be where the line ends, and not be drawn.
    return f"M{first * SPACE + SPACE // 2} {y}h{(last - first - 1) * SPACE}.1"
