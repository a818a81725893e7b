"""How many of those who answered a page helped, a bar for each revision."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gutskin.plots.frame import MOST_SHOWN, Frame

FRAME = Frame(height=190, top=26, bottom=146)
WIDEST_BAR = 48


@dataclass(frozen=True)
class Bar:
    """One revision in the drawing: its height is the share of `yes` among `answers`; both stand on it."""

    number: int
    yes: int
    answers: int
    x: float
    middle: float
    y: float
    width: float
    height: float


def answer_bars(revisions) -> dict | None:
    """The drawing with its title, of revisions with `yes` and `answers`, the oldest first; None without any."""
    if not revisions:
        return None
    shown = revisions[-MOST_SHOWN:]
    step = (FRAME.right - FRAME.left) / len(shown)
    width = min(WIDEST_BAR, step * 0.7)
    bars = []
    for index, revision in enumerate(shown):
        middle = FRAME.left + step * (index + 0.5)
        y = FRAME.y(100 * revision.yes / revision.answers)
        bars.append(
            Bar(
                number=revision.number,
                yes=revision.yes,
                answers=revision.answers,
                x=round(middle - width / 2, 1),
                middle=round(middle, 1),
                y=y,
                width=round(width, 1),
                height=round(FRAME.bottom - y, 1),
            )
        )
    return {
        "title": _sentence(shown),
        "bars": bars,
        "frame": FRAME,
        "leaves_out": len(revisions) - len(shown),
    }


def _sentence(shown):
    """What the drawing says, about the newest revision and the one before it."""
    newest = shown[-1]
    told = _of(newest) % _numbers(newest)
    if len(shown) == 1:
        return told
    before = shown[-2]
    return " ".join(
        [told, _("Before, with revision %(number)s, it was %(yes)s out of %(answers)s.") % _numbers(before)]
    )


def _of(revision):
    return ngettext(
        "Revision %(number)s helped %(yes)s out of %(answers)s reader who answered.",
        "Revision %(number)s helped %(yes)s out of %(answers)s readers who answered.",
        revision.answers,
    )


def _numbers(revision):
    return {"number": revision.number, "yes": revision.yes, "answers": revision.answers}
