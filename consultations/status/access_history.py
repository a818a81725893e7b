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
# For someone in several groups, the first one here is shown. A superuser is none of them.
SUPERUSER = "superuser"
ROLES = {
    SUPERUSER: _lazy("looks after the technical system"),
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
    """Newest first. Consecutive events of one person on one day, in one role, are one record.

    The role is the one that the person had then, which opening a request records. Later it may be another one.
    """
    events = AuditEvent.objects.about(inquiry.reference).filter(action__in=DONE).order_by("sequence")
    events = list(events.values_list("actor", "action", "at", "detail"))
    names = names_by_username({actor for actor, *_rest in events})
    records, last_key, roles = [], None, {}
    for actor, action, at, detail in events:
        if action == Action.VIEWED:
            roles[actor] = detail
        key = (actor, timezone.localdate(at), roles.get(actor))
        if key != last_key:
            who, role = names.get(actor, _("a member of our team")), ROLES.get(roles.get(actor), "")
            records.append(AccessRecord(who, str(role), first_at=at, last_at=at))
            last_key = key
        record, done = records[-1], str(DONE[action])
        record.last_at = at
        if done not in record.done:
            record.done.append(done)
    return records[::-1]


def names_by_username(usernames: set[str]) -> dict[str, str]:
    """Patients never see a username: staff log in with it."""
    users = get_user_model().objects.filter(username__in=usernames)
    return {user.get_username(): public_name(user) for user in users}


def public_name(user) -> str:
    """The name of a member of staff as patients see it."""
    return user.get_full_name() or _("a member of our team")


def role_of(user) -> str:
    """The role to record when this user opens a request, a key of ROLES; empty for none of them."""
    if user.is_superuser:
        return SUPERUSER
    names = {group.name for group in user.groups.all()}
    return next((role for role in ROLES if role in names), "")
