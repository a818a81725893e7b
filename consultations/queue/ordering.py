"""In which order somebody wants the queue; the choice is kept for the next time."""

from django.utils.translation import gettext_lazy as _lazy

from consultations.models import QueuePreference
from consultations.models.inquiry import queue_order

WORK = "work"
LABELS = {
    # Overdue first, then newest.
    WORK: _lazy("Order of work"),
    "due": _lazy("Reply due soonest first"),
    "urgent": _lazy("Most urgent first"),
    "oldest": _lazy("Oldest first"),
    "newest": _lazy("Newest first"),
}


def order_by(name: str, *, is_over: bool = False) -> list:
    """What `order_by()` takes. No request that is over is overdue: of those the last closed stands first."""
    if is_over and name == WORK:
        return ["-closed_at", "-pk"]
    orders = {
        "due": ["due_at", "pk"],
        # The words of Urgency happen to stand in the order of the alphabet; a test holds that.
        "urgent": ["-urgency", "due_at", "pk"],
        "oldest": ["received_at", "pk"],
        "newest": ["-received_at", "-pk"],
    }
    return orders.get(name) or queue_order()


def choose(name: str, *, by) -> None:
    QueuePreference.objects.update_or_create(user=by, defaults={"ordering": name})
