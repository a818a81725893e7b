"""Drawings of lines: two values over months with a target, and the PEMAT scores of an article from review to review."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from gutskin.plots.frame import MOST_SHOWN, Frame

LINES_FRAME = Frame(height=230, top=52, bottom=190)
LABEL_ABOVE, LABEL_BELOW = -10, 20
SCORE_FRAME = Frame(height=210, top=46, bottom=176)


@dataclass(frozen=True)
class LinePoint:
    x: float
    y: float
    number: str
    number_y: float


def lines_plot(labels: list[str], lower: list[float | None], upper: list[float | None], target: float) -> dict | None:
    """The drawing of two series of values, the oldest first. A month without a value is skipped; None without any."""
    known = [value for value in [*lower, *upper] if value is not None]
    if not known:
        return None
    # At least 1, to avoid a division by zero if all values are zero.
    highest = max(*known, target, 1)
    step = (LINES_FRAME.right - LINES_FRAME.left) / len(labels)
    places = [round(LINES_FRAME.left + step * (index + 0.5), 1) for index in range(len(labels))]
    target_y = LINES_FRAME.y(100 * target / highest)
    return {
        "kind": "lines",
        "frame": LINES_FRAME,
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
        y = LINES_FRAME.y(100 * value / highest)
        # Where both are the same, only the upper line has its number.
        hidden = value == other and label_drop == LABEL_BELOW
        points.append(LinePoint(x, y, "" if hidden else _number(value), round(y + label_drop, 1)))
    return {"points": points, "path": _path(points)}


def _path(points):
    """The line through these points, in the notation of an SVG path."""
    return "M" + "L".join(f"{point.x} {point.y}" for point in points)


def _number(value):
    return number_format(int(value) if value == int(value) else value)


@dataclass(frozen=True)
class ScorePoint:
    x: float
    y: float
    label: int
    label_y: float


def score_trend(reviews) -> dict | None:
    """The drawing, its title and the rows of its table, from reviews in any order; None if none was scored."""
    scored = sorted((review for review in reviews if review.understandability is not None), key=_when)
    if not scored:
        return None
    shown = scored[-MOST_SHOWN:]
    return {
        "title": " ".join(
            [
                _score_sentence(_("Understandability"), [review.understandability for review in shown]),
                _score_sentence(_("Actionability"), [review.actionability for review in shown]),
            ]
        ),
        "frame": SCORE_FRAME,
        "grid": [{"percent": percent, "y": SCORE_FRAME.y(percent)} for percent in (0, 50, 100)],
        "columns": [
            {"x": x, "number": review.revision.number, "y": SCORE_FRAME.bottom + 22}
            for review, x in zip(shown, _even_places(len(shown)), strict=True)
        ],
        "lines": [
            _score_line("understandability", shown, "actionability"),
            _score_line("actionability", shown, "understandability"),
        ],
        "rows": scored,
        "leaves_out": len(scored) - len(shown),
    }


def _when(review):
    return review.created_at, review.pk


def _score_sentence(score, values):
    first, last = values[0], values[-1]
    names = {"score": score, "first": first, "last": last}
    if len(values) == 1:
        return _("%(score)s is at %(last)s percent.") % names
    if last > first:
        return _("%(score)s rose from %(first)s to %(last)s percent.") % names
    if last < first:
        return _("%(score)s fell from %(first)s to %(last)s percent.") % names
    return _("%(score)s is at %(last)s percent, as before.") % names


def _score_line(score, reviews, other):
    """The higher of both scores has its number above the point and the lower one below, so that they never overlap."""
    points = []
    for review, x in zip(reviews, _even_places(len(reviews)), strict=True):
        percent, compared = getattr(review, score), getattr(review, other)
        is_upper = (percent, score) > (compared, other)
        y = SCORE_FRAME.y(percent)
        points.append(ScorePoint(x, y, percent, y + (LABEL_ABOVE if is_upper else LABEL_BELOW)))
    return {"score": score, "points": points, "path": _path(points)}


def _even_places(count):
    """Evenly over the width, a single one in the middle."""
    if count == 1:
        return [(SCORE_FRAME.left + SCORE_FRAME.right) / 2]
    # A margin, so that the numbers of the first and the last point are not cut off.
    inner_left, inner_right = SCORE_FRAME.left + 20, SCORE_FRAME.right - 20
    return [round(inner_left + index * (inner_right - inner_left) / (count - 1), 1) for index in range(count)]
