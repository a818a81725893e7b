"""How long a first reply took. Told to patients, and drawn on the dashboard.

Measured in working time: Saturdays, Sundays and holidays do not count, all hours of the other days do. "2 days" is
48 hours of those.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from consultations.models import Inquiry
from consultations.queue.due_dates import is_working_day

DAY = timedelta(days=1)
LOOKED_BACK = timedelta(days=30)
# Fewer are an accident, not a habit; and one could tell whose they were.
AT_LEAST = 5
# The newest of them, so that a page never counts for long.
AT_MOST = 500


@dataclass(frozen=True)
class ReplyTimes:
    """Of `count` requests that were answered: half were answered within `median`, nine of ten within `p90`."""

    count: int
    median: timedelta
    p90: timedelta

    @property
    def days(self) -> int:
        """The median in whole working days, rounded up: it promises no more than was so."""
        return max(1, math.ceil(self.median / DAY))


def working_time(begin: datetime, end: datetime) -> timedelta:
    """The time between two moments, without the days on which nobody works. Never negative."""
    begin, end = timezone.localtime(begin), timezone.localtime(end)
    passed, day = timedelta(), begin.date()
    while day <= end.date():
        if is_working_day(day):
            passed += max(min(_part(day, end), DAY) - max(_part(day, begin), timedelta()), timedelta())
        day += DAY
    return passed


def percentile(times: Sequence[timedelta], share: float) -> timedelta:
    """The smallest of these within which at least this share (0 to 1) of them lies: the nearest rank."""
    return sorted(times)[max(math.ceil(share * len(times)), 1) - 1]


def summarise(pairs: Iterable[tuple[datetime, datetime]]) -> ReplyTimes | None:
    """Of (received, answered); None where they are too few to say anything."""
    times = [working_time(received, answered) for received, answered in pairs]
    if len(times) < AT_LEAST:
        return None
    return ReplyTimes(len(times), percentile(times, 0.5), percentile(times, 0.9))


def recent_reply_times() -> ReplyTimes | None:
    """Of the requests first answered within the last 30 days, in one query."""
    answered = Inquiry.objects.filter(answered_at__gte=timezone.now() - LOOKED_BACK).order_by("-answered_at")
    return summarise(answered.values_list("received_at", "answered_at")[:AT_MOST])


def _part(day, moment):
    """How much of this day had passed at that moment by the clock on the wall; more than a day on later days."""
    return moment.replace(tzinfo=None) - datetime.combine(day, time())
