"""Which members of staff opened a request, and when, in words for the patient. The source is the audit log."""

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
# For someone in several groups, the first one here is shown.
ROLES = {
    "Clinician": _lazy("clinician"),
    "Intake coordinator": _lazy("passes requests on to clinicians"),
    "Privacy lead": _lazy("looks after privacy"),
}


@dataclass
class AccessRecord:
    """What one person did on one day. The download contains these fields under these names."""

    who: str
    role: str
    first_at: datetime
    last_at: datetime
    done: list[str] = field(default_factory=list)


def access_history_of(inquiry: Inquiry) -> list[AccessRecord]:
    """Newest first. Consecutive events of one person on one day are one record."""
    events = AuditEvent.objects.about(inquiry.reference).filter(action__in=DONE).order_by("sequence")
    events = list(events.values_list("actor", "action", "at"))
    people = people_by_name({actor for actor, _action, _at in events})
    records, last_key = [], None
    for actor, action, at in events:
        key = (actor, timezone.localdate(at))
        if key != last_key:
            records.append(AccessRecord(*people.get(actor, (_("a member of our team"), "")), first_at=at, last_at=at))
            last_key = key
        record, done = records[-1], str(DONE[action])
        record.last_at = at
        if done not in record.done:
            record.done.append(done)
    return records[::-1]


def people_by_name(usernames: set[str]) -> dict[str, tuple[str, str]]:
    """Maps usernames to full name and role, in two queries. Patients never see a username: staff log in with it."""
    users = get_user_model().objects.filter(username__in=usernames).prefetch_related("groups")
    return {user.get_username(): (public_name(user), _role(user)) for user in users}


def public_name(user) -> str:
    """The name of a member of staff as patients see it."""
    return user.get_full_name() or _("a member of our team")


def _role(user):
    if user.is_superuser:
        return _("looks after the technical system")
    names = {group.name for group in user.groups.all()}
    return next((str(role) for name, role in ROLES.items() if name in names), "")
