"""Who of the staff opened a request, and when, in words for the patient. It is read from the audit log."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Inquiry
from gutskin.audit.models import AuditEvent

Action = AuditEvent.Action

DONE = {
    Action.VIEWED: _lazy("opened your request"),
    Action.STORY_READ: _lazy("read what you wrote"),
    Action.PHOTO_VIEWED: _lazy("looked at a photo"),
    Action.ACCESS_OPENED: _lazy("gave a reason to read what you wrote"),
    Action.GLASS_BROKEN: _lazy("read it in an emergency, with a written reason; the privacy lead was told"),
}
ROLES = {
    "Clinician": _lazy("clinician"),
    "Intake coordinator": _lazy("passes requests on to clinicians"),
    "Privacy lead": _lazy("looks after privacy"),
}


@dataclass
class Opening:
    """One person on one day."""

    who: str
    role: str
    first_at: datetime
    last_at: datetime
    done: list[str] = field(default_factory=list)


def openings_of(inquiry: Inquiry) -> list[Opening]:
    """The newest first. What one person did on one day, with nobody in between, is one line."""
    events = AuditEvent.objects.about(inquiry.reference).filter(action__in=DONE).order_by("sequence")
    events = list(events.values_list("actor", "action", "at"))
    people = people_by_name({actor for actor, _action, _at in events})
    lines, last_key = [], None
    for actor, action, at in events:
        key = (actor, timezone.localdate(at))
        if key != last_key:
            lines.append(Opening(*people.get(actor, (_("a member of our team"), "")), first_at=at, last_at=at))
            last_key = key
        line, done = lines[-1], str(DONE[action])
        line.last_at = at
        if done not in line.done:
            line.done.append(done)
    return lines[::-1]


def people_by_name(usernames: set[str]) -> dict[str, tuple[str, str]]:
    """Username -> full name and role, in two queries. A username itself is for the staff only."""
    users = get_user_model().objects.filter(username__in=usernames).prefetch_related("groups")
    return {user.get_username(): (shown_name(user), _role(user)) for user in users}


def shown_name(user) -> str:
    """What patients see of a member of staff."""
    return user.get_full_name() or _("a member of our team")


def _role(user):
    if user.is_superuser:
        return _("looks after the technical system")
    names = {group.name for group in user.groups.all()}
    return next((str(role) for name, role in ROLES.items() if name in names), "")
