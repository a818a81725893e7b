"""Who did what to a request, when, in words."""

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
# What stands on the page at once; the older lines are a click away.
AT_ONCE = 12


@dataclass
class Line:
    at: datetime
    actor: str
    what: str
    detail: str = ""
    # How often on that day, for openings one after the other.
    times: int = 1
    day: date | None = None


def timeline_of(inquiry: Inquiry) -> tuple[list[Line], list[Line]]:
    """The newest lines, and those before. Somebody's openings in a row are one line for each day."""
    lines = []
    for event in AuditEvent.objects.about(inquiry.reference):
        if event.action in OPENINGS:
            _add_opening(lines, event)
        elif event.action == Action.PHOTO_VIEWED and _goes_on(lines, event) and lines[-1].what == PHOTO:
            lines[-1].times += 1
        else:
            _add_line(lines, event)
    return lines[:AT_ONCE], lines[AT_ONCE:]


def opened_at(inquiry: Inquiry, usernames: list[str]) -> dict[str, datetime]:
    """When each of them last opened the page."""
    views = AuditEvent.objects.about(inquiry.reference).filter(action=Action.VIEWED, actor__in=usernames)
    return {event.actor: event.at for event in views.order_by("sequence")}


def _add_line(lines, event):
    day = localdate(event.at) if event.action == Action.PHOTO_VIEWED else None
    what = PHOTO if day else event.get_action_display()
    lines.append(Line(event.at, event.actor, what, detail_in_words(event.action, event.detail), day=day))


def _add_opening(lines, event):
    # Newest first: STORY_READ comes before the VIEWED of the same opening.
    is_story = event.action == Action.STORY_READ
    if _goes_on(lines, event) and lines[-1].what != PHOTO:
        if is_story:
            lines[-1].what = STORY
        else:
            lines[-1].times += 1
        return
    what = STORY if is_story else event.get_action_display()
    lines.append(Line(event.at, event.actor, what, times=0 if is_story else 1, day=localdate(event.at)))


def _goes_on(lines, event):
    """The same person on the same day as in the line before, if that one can be told more than once."""
    return bool(lines) and lines[-1].actor == event.actor and lines[-1].day == localdate(event.at)
