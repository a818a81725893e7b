"""Two lines over the same months, the upper one never under the lower one, and a target to hold them against."""

from dataclasses import dataclass

from django.utils.formats import number_format

from gutskin.plots.frame import Frame

FRAME = Frame(height=230, top=52, bottom=190)
LABEL_ABOVE, LABEL_BELOW = -10, 20


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    number: str
    number_y: float


def lines_plot(labels: list[str], lower: list[float | None], upper: list[float | None], target: float) -> dict | None:
    """The drawing of two rows of values, the oldest first; where a month has none, the line goes on past it."""
    known = [value for value in [*lower, *upper] if value is not None]
    if not known:
        return None
    highest = max(*known, target, 1)
    step = (FRAME.right - FRAME.left) / len(labels)
    places = [round(FRAME.left + step * (index + 0.5), 1) for index in range(len(labels))]
    target_y = FRAME.y(100 * target / highest)
    return {
        "kind": "lines",
        "frame": FRAME,
        "columns": [{"x": x, "label": label} for x, label in zip(places, labels, strict=True)],
        "target": {"y": target_y, "label_y": target_y - 6},
        "upper": _line(places, upper, lower, highest, LABEL_ABOVE),
        "lower": _line(places, lower, upper, highest, LABEL_BELOW),
    }


def _line(places, values, others, highest, label_drop):
    points = []
    for x, value, other in zip(places, values, others, strict=True):
        if value is None:
            continue
        y = FRAME.y(100 * value / highest)
        # Where both are the same, one number says it; the upper line has it.
        hidden = value == other and label_drop == LABEL_BELOW
        points.append(Point(x, y, "" if hidden else _number(value), round(y + label_drop, 1)))
    return {"points": points, "path": "M" + "L".join(f"{point.x} {point.y}" for point in points)}


def _number(value):
    return number_format(int(value) if value == int(value) else value)
