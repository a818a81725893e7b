"""Drawings of bars: columns over time, horizontal bars, and the share of readers whom a revision helped."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gutskin.plots.frame import MOST_SHOWN, Frame

COLUMNS_FRAME = Frame(height=200, top=26, bottom=160)
WIDEST_COLUMN = 48
# More labels than these would overlap on a phone.
MOST_LABELS = 6
ANSWERS_FRAME = Frame(height=190, top=26, bottom=146)
WIDTH = 400
# Room for a number and a word or two behind the longest bar.
LONGEST_BAR = 270
ROW, BAR, NAME_DROP, BAR_DROP = 46, 16, 16, 22
MOST_BARS = 12


@dataclass(frozen=True)
class Column:
    """One column of the drawing. An empty `label` or `number` is not written."""

    label: str
    number: str
    x: float
    middle: float
    y: float
    width: float
    height: float


def columns_plot(labels: list[str], values: list[float | None], numbers: list[str], *, top: float = 0) -> dict | None:
    """The drawing of `values`, the oldest first, with `numbers` as their text. None if there is nothing to draw.

    `top` is what the highest column could reach, such as 100; without it, the highest value is the top.
    """
    known = [value for value in values if value is not None]
    if not known or not max(top, *known):
        return None
    highest = max(top, *known)
    named = _named(len(values))
    numbered = _numbered(values)
    columns = []
    for index, value in enumerate(values):
        columns.append(
            Column(
                label=labels[index] if index in named else "",
                number=numbers[index] if index in numbered else "",
                **_column_edges(COLUMNS_FRAME, index, len(values), percent=100 * (value or 0) / highest),
            )
        )
    return {"kind": "columns", "frame": COLUMNS_FRAME, "columns": columns}


def _column_edges(frame, index, count, *, percent):
    """Where the column with this index, out of `count`, is drawn."""
    step = (frame.right - frame.left) / count
    # The rest of each step is the gap between two columns.
    width = min(WIDEST_COLUMN, step * 0.7)
    middle = frame.left + step * (index + 0.5)
    y = frame.y(percent)
    return {
        "x": round(middle - width / 2, 1),
        "middle": round(middle, 1),
        "y": y,
        "width": round(width, 1),
        "height": round(frame.bottom - y, 1),
    }


def _named(count):
    """Which columns have their name under them: the newest always, the others at equal steps."""
    # Division that rounds up: the negative of the floor of the negative.
    every = -(-count // MOST_LABELS)
    return {index for index in range(count) if (count - 1 - index) % every == 0}


def _numbered(values):
    """Which columns have their number on them: all if there is room, else the newest and the highest."""
    if len(values) <= MOST_LABELS:
        return {index for index, value in enumerate(values) if value is not None}
    highest = values.index(max(value for value in values if value is not None))
    newest = len(values) - 1
    # Close together, their numbers would overlap.
    return {highest} if newest - highest in (1, 2) else {highest, newest}


@dataclass(frozen=True)
class NamedBar:
    name: str
    number: str
    name_y: int
    y: int
    width: float
    number_x: float
    number_y: int


def bars_plot(rows: list[tuple[str, int, str]]) -> dict | None:
    """The drawing of `(name, value, number in words)`, in their order; None if every value is zero."""
    shown = rows[:MOST_BARS]
    highest = max((value for _name, value, _number in shown), default=0)
    if not highest:
        return None
    bars = []
    for index, (name, value, number) in enumerate(shown):
        top = index * ROW
        width = round(LONGEST_BAR * value / highest, 1)
        bars.append(NamedBar(name, number, top + NAME_DROP, top + BAR_DROP, width, width + 8, top + BAR_DROP + BAR - 3))
    return {
        "kind": "bars",
        "width": WIDTH,
        "height": len(shown) * ROW,
        "bar_height": BAR,
        "bars": bars,
        "leaves_out": len(rows) - len(shown),
    }


@dataclass(frozen=True)
class RevisionBar:
    """One revision in the drawing: its height is the share of `yes` among `answers`; both are written on it."""

    number: int
    yes: int
    answers: int
    x: float
    middle: float
    y: float
    width: float
    height: float


def answer_bars(revisions) -> dict | None:
    """The drawing with its title, for revisions with `yes` and `answers`, the oldest first; None without any."""
    if not revisions:
        return None
    shown = revisions[-MOST_SHOWN:]
    bars = []
    for index, revision in enumerate(shown):
        edges = _column_edges(ANSWERS_FRAME, index, len(shown), percent=100 * revision.yes / revision.answers)
        bars.append(RevisionBar(number=revision.number, yes=revision.yes, answers=revision.answers, **edges))
    return {
        "title": _answers_sentence(shown),
        "bars": bars,
        "frame": ANSWERS_FRAME,
        "leaves_out": len(revisions) - len(shown),
    }


def _answers_sentence(shown):
    """What the drawing says, about the newest revision and the one before it."""
    newest = shown[-1]
    sentence = _helped(newest) % _numbers(newest)
    if len(shown) == 1:
        return sentence
    before = shown[-2]
    return " ".join(
        [sentence, _("Before, with revision %(number)s, it was %(yes)s out of %(answers)s.") % _numbers(before)]
    )


def _helped(revision):
    return ngettext(
        "Revision %(number)s helped %(yes)s out of %(answers)s reader who answered.",
        "Revision %(number)s helped %(yes)s out of %(answers)s readers who answered.",
        revision.answers,
    )


def _numbers(revision):
    return {"number": revision.number, "yes": revision.yes, "answers": revision.answers}
