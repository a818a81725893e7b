"""The timeline of a request: its audit events in words, the newest first."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Inquiry
from gutskin.audit.details import detail_in_words
from gutskin.audit.models import AuditEvent

Action = AuditEvent.Action
OPENINGS = [Action.VIEWED, Action.STORY_READ]
STORY = _lazy("opened the request and read the story")
PHOTO = Action.PHOTO_VIEWED.label
# How many lines the page shows; the older ones are folded away.
SHOWN = 12


@dataclass
class Line:
    at: datetime
    actor: str
    what: str
    detail: str = ""
    # How many times in a row on that day, for looking at the request or its photos.
    times: int = 1
    # None for events that are never counted together.
    day: date | None = None


def timeline_of(inquiry: Inquiry) -> tuple[list[Line], list[Line]]:
    """Returns the newest lines and the older ones. A user's openings in a row are one line per day."""
    lines = []
    # Grouped in Python: which lines belong together depends on their order.
    for event in AuditEvent.objects.about(inquiry.reference):
        if event.action in OPENINGS:
            _add_opening(lines, event)
        elif event.action == Action.PHOTO_VIEWED and _is_repeated(lines, event) and lines[-1].what == PHOTO:
            lines[-1].times += 1
        else:
            _add_line(lines, event)
    return lines[:SHOWN], lines[SHOWN:]


def _add_line(lines, event):
    day = localdate(event.at) if event.action == Action.PHOTO_VIEWED else None
    what = PHOTO if day else event.get_action_display()
    lines.append(Line(event.at, event.actor, what, detail_in_words(event.action, event.detail), day=day))


def _add_opening(lines, event):
    # The newest first, so STORY_READ comes before the VIEWED of the same opening, which adds the count.
    is_story = event.action == Action.STORY_READ
    if _is_repeated(lines, event) and lines[-1].what != PHOTO:
        if is_story:
            lines[-1].what = STORY
        else:
            lines[-1].times += 1
        return
    what = STORY if is_story else event.get_action_display()
    lines.append(Line(event.at, event.actor, what, times=0 if is_story else 1, day=localdate(event.at)))


def _is_repeated(lines, event):
    """Is it the same user on the same day as the last line, which counts openings or photos?"""
    return bool(lines) and lines[-1].actor == event.actor and lines[-1].day == localdate(event.at)
