"""PEMAT scores of an article, from review to review."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gutskin.plots.frame import MOST_SHOWN, Frame

FRAME = Frame(height=210, top=46, bottom=176)
LABEL_ABOVE, LABEL_BELOW = -10, 20


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    label: int
    label_y: float


def score_trend(reviews) -> dict | None:
    """The drawing, its title and the rows of its table, from reviews in any order; None where none was scored."""
    scored = sorted((review for review in reviews if review.understandability is not None), key=_when)
    if not scored:
        return None
    shown = scored[-MOST_SHOWN:]
    return {
        "title": " ".join(
            [
                _sentence(_("Understandability"), [review.understandability for review in shown]),
                _sentence(_("Actionability"), [review.actionability for review in shown]),
            ]
        ),
        "frame": FRAME,
        "grid": [{"percent": percent, "y": FRAME.y(percent)} for percent in (0, 50, 100)],
        "columns": [
            {"x": x, "number": review.revision.number, "y": FRAME.bottom + 22}
            for review, x in zip(shown, _places(len(shown)), strict=True)
        ],
        "lines": [
            _line("understandability", shown, "actionability"),
            _line("actionability", shown, "understandability"),
        ],
        "rows": scored,
        "leaves_out": len(scored) - len(shown),
    }


def _when(review):
    return review.created_at, review.pk


def _sentence(score, values):
    first, last = values[0], values[-1]
    names = {"score": score, "first": first, "last": last}
    if len(values) == 1:
        return _("%(score)s is at %(last)s percent.") % names
    if last > first:
        return _("%(score)s rose from %(first)s to %(last)s percent.") % names
    if last < first:
        return _("%(score)s fell from %(first)s to %(last)s percent.") % names
    return _("%(score)s stands at %(last)s percent, as before.") % names


def _line(score, reviews, other):
    """The higher of both scores has its number above the point and the lower one below, so that they never meet."""
    points = []
    for review, x in zip(reviews, _places(len(reviews)), strict=True):
        percent, compared = getattr(review, score), getattr(review, other)
        is_upper = (percent, score) > (compared, other)
        y = FRAME.y(percent)
        points.append(Point(x, y, percent, y + (LABEL_ABOVE if is_upper else LABEL_BELOW)))
    return {"score": score, "points": points, "path": "M" + "L".join(f"{point.x} {point.y}" for point in points)}


def _places(count):
    """Evenly over the width, a single one in the middle."""
    if count == 1:
        return [(FRAME.left + FRAME.right) / 2]
    inner_left, inner_right = FRAME.left + 20, FRAME.right - 20
    return [round(inner_left + index * (inner_right - inner_left) / (count - 1), 1) for index in range(count)]
