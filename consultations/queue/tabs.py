"""The tabs of the queue and their counts, shown on the staff front page and above the list itself."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Inquiry, Status, Urgency
from consultations.models.choices import OWED_A_REPLY

MINE, UNASSIGNED, OVERDUE, URGENT, WAITING, OPEN, ANSWERED, OVER = (
    "mine",
    "unassigned",
    "overdue",
    "urgent",
    "waiting",
    "open",
    "answered",
    "over",
)
LABELS = {
    MINE: _lazy("Assigned to you"),
    UNASSIGNED: _lazy("Unassigned"),
    OVERDUE: _lazy("Overdue"),
    URGENT: _lazy("Urgent"),
    WAITING: _lazy("Waiting for patient"),
    OPEN: _lazy("All open"),
    ANSWERED: _lazy("Answered, not closed"),
    OVER: _lazy("No longer open"),
}


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: int


def in_tab(name: str, visible, user):
    """Returns the requests in `visible` that belong to one tab."""
    return visible.over() if name == OVER else visible.open().filter(_conditions(user)[name])


def tabs(visible, user, *, over: int) -> list[Tab]:
    """Returns all tabs with their counts, in one query.

    `over` is the count of requests no longer open. The caller passes it in, because the front page does not need it.
    """
    parts = {name: Count("pk", filter=which) for name, which in _conditions(user).items()}
    counts = visible.open().aggregate(**parts) | {OVER: over}
    return [Tab(name, label, counts[name]) for name, label in LABELS.items()]


def open_tabs(user) -> list[Tab]:
    """Returns the tabs without the two in which no patient waits for anything."""
    found = tabs(Inquiry.objects.visible_to(user), user, over=0)
    return [tab for tab in found if tab.name not in (ANSWERED, OVER)]


def is_unassigned() -> Q:
    """Matches requests without an assignee and those of an assignee who has left.

    A subquery rather than a join on the assignee, so that the database still uses the index of open requests.
    """
    return Q(assignee=None) | Q(assignee__in=get_user_model().objects.filter(is_active=False))


def _conditions(user):
    """What a request has to be, apart from neither closed, withdrawn nor spam, to belong to a tab."""
    owed = Q(status__in=OWED_A_REPLY)
    return {
        MINE: Q(assignee=user),
        UNASSIGNED: owed & is_unassigned(),
        OVERDUE: owed & Q(due_at__lt=timezone.now()),
        URGENT: owed & Q(urgency=Urgency.URGENT),
        WAITING: Q(status=Status.WAITING_FOR_PATIENT),
        OPEN: ~Q(status=Status.ANSWERED),
        ANSWERED: Q(status=Status.ANSWERED),
    }
