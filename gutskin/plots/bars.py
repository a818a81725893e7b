"""Bars under each other, each with its name above it and its number at its end."""

from dataclasses import dataclass

WIDTH = 400
# Room for a number and a word or two behind the longest bar.
LONGEST_BAR = 270
ROW, BAR, NAME_DROP, BAR_DROP = 46, 16, 16, 22
MOST_BARS = 12


@dataclass(frozen=True)
class Bar:
    name: str
    number: str
    name_y: int
    y: int
    width: float
    number_x: float
    number_y: int


def bars_plot(rows: list[tuple[str, int, str]]) -> dict | None:
    """The drawing of `(name, value, number in words)`, in their order; None where every value is nothing."""
    shown = rows[:MOST_BARS]
    highest = max((value for _, value, _ in shown), default=0)
    if not highest:
        return None
    bars = []
    for index, (name, value, number) in enumerate(shown):
        top = index * ROW
        width = round(LONGEST_BAR * value / highest, 1)
        bars.append(Bar(name, number, top + NAME_DROP, top + BAR_DROP, width, width + 8, top + BAR_DROP + BAR - 3))
    return {
        "kind": "bars",
        "width": WIDTH,
        "height": len(shown) * ROW,
        "bar_height": BAR,
        "bars": bars,
        "leaves_out": len(rows) - len(shown),
    }
