"""Columns side by side: how many, week by week, or a share of a hundred, month by month."""

from dataclasses import dataclass

from gutskin.plots.frame import Frame

FRAME = Frame(height=200, top=26, bottom=160)
WIDEST_COLUMN = 48
# More labels than these would stand on each other on a phone.
MOST_LABELS = 6


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
    """The drawing of values, the oldest first; `numbers` are their words. `top` is what the highest column could reach,
    such as a hundred; without it the highest value is the top. None where there is nothing to draw."""
    known = [value for value in values if value is not None]
    if not known or not max(top, *known):
        return None
    highest = max(top, *known)
    step = (FRAME.right - FRAME.left) / len(values)
    width = min(WIDEST_COLUMN, step * 0.7)
    named = _named(len(values))
    numbered = _numbered(values)
    columns = []
    for index, value in enumerate(values):
        middle = FRAME.left + step * (index + 0.5)
        y = FRAME.y(100 * (value or 0) / highest)
        columns.append(
            Column(
                label=labels[index] if index in named else "",
                number=numbers[index] if index in numbered else "",
                x=round(middle - width / 2, 1),
                middle=round(middle, 1),
                y=y,
                width=round(width, 1),
                height=round(FRAME.bottom - y, 1),
            )
        )
    return {"kind": "columns", "frame": FRAME, "columns": columns}


def _named(count):
    """Which columns have their name under them: the newest always, the others at equal steps."""
    every = -(-count // MOST_LABELS)
    return {index for index in range(count) if (count - 1 - index) % every == 0}


def _numbered(values):
    """Which have their number on them: all where there is room, else the newest and the highest."""
    if len(values) <= MOST_LABELS:
        return {index for index, value in enumerate(values) if value is not None}
    highest = values.index(max(value for value in values if value is not None))
    newest = len(values) - 1
    # Close together, their numbers would stand on each other.
    return {highest} if newest - highest in (1, 2) else {highest, newest}
