"""The parts of the queue, each with its number: on the staff's front page and above the list itself."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Inquiry, Status, Urgency
from consultations.models.inquiry import OWED_A_REPLY

MINE, UNASSIGNED, OVERDUE, URGENT, WAITING, OPEN, OVER = (
    "mine",
    "unassigned",
    "overdue",
    "urgent",
    "waiting",
    "open",
    "over",
)
LABELS = {
    MINE: _lazy("Assigned to you"),
    UNASSIGNED: _lazy("Assigned to nobody"),
    OVERDUE: _lazy("Overdue"),
    URGENT: _lazy("Urgent"),
    WAITING: _lazy("Waiting for patient"),
    OPEN: _lazy("All open"),
    OVER: _lazy("No longer open"),
}


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: int


def in_tab(name: str, visible, user):
    """Of the requests in `visible`, those under one tab; of a tab that does not exist, all that are open."""
    return visible.over() if name == OVER else visible.open().filter(_of_the_open(user).get(name, Q()))


def tabs(visible, user, *, over: int) -> list[Tab]:
    """All tabs with their counts, in one query; `over` is the count of those no longer open."""
    parts = {name: Count("pk", filter=which) for name, which in _of_the_open(user).items()}
    counts = visible.open().aggregate(**parts, open=Count("pk")) | {OVER: over}
    return [Tab(name, label, counts[name]) for name, label in LABELS.items()]


def open_tabs_of(user) -> list[Tab]:
    """Without those no longer open, which are nobody's work."""
    return [tab for tab in tabs(Inquiry.objects.visible_to(user), user, over=0) if tab.name != OVER]


def has_nobody() -> Q:
    """Also what somebody had who has left. A list of its own, so that the index of open requests still answers."""
    return Q(assignee=None) | Q(assignee__in=get_user_model().objects.filter(is_active=False))


def _of_the_open(user):
    owed = Q(status__in=OWED_A_REPLY)
    return {
        MINE: Q(assignee=user),
        UNASSIGNED: owed & has_nobody(),
        OVERDUE: owed & Q(due_at__lt=timezone.now()),
        URGENT: owed & Q(urgency=Urgency.URGENT),
        WAITING: Q(status=Status.WAITING_FOR_PATIENT),
    }
