"""The orders in which the queue can be sorted. The one that a user chooses is stored for the next time."""

from django.utils.translation import gettext_lazy as _lazy

from consultations.models import QueuePreference
from consultations.models.inquiry import queue_order

WORK = "work"
LABELS = {
    # Overdue first, then the most urgent, then what is due soonest.
    WORK: _lazy("Order of work"),
    "due": _lazy("Reply due soonest first"),
    "urgent": _lazy("Most urgent first"),
    "oldest": _lazy("Oldest first"),
    "newest": _lazy("Newest first"),
}


def order_by(name: str, *, is_over: bool = False) -> list:
    """Returns the arguments of `order_by()`. Requests that are over are never overdue: last closed first."""
    if is_over and name == WORK:
        return ["-closed_at", "-pk"]
    orders = {
        "due": ["due_at", "pk"],
        # Sorts by weight: see queue_order.
        "urgent": ["-urgency", "due_at", "pk"],
        "oldest": ["received_at", "pk"],
        "newest": ["-received_at", "-pk"],
    }
    return orders.get(name) or queue_order()


def choose(name: str, *, by) -> None:
    QueuePreference.objects.update_or_create(user=by, defaults={"ordering": name})
