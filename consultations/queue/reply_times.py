"""How long first replies took, as patients are told and as the dashboard shows.

Times are working time: Saturdays, Sundays and holidays do not count, all 24 hours of the other days do. "2 days" means
48 of those hours.
"""

import math
import time as clock
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from consultations.models import Inquiry
from consultations.queue.due_dates import is_working_day

DAY, NO_TIME = timedelta(days=1), timedelta()
LOOK_BACK = timedelta(days=30)
# Fewer say nothing about what is usual, and might show how long one patient waited.
AT_LEAST = 5
# Only the newest are counted, so that the patient's page stays fast however many there are.
AT_MOST = 500
KEPT_FOR = 60  # seconds


@dataclass(frozen=True)
class ReplyTimes:
    """Half of `count` answered requests were answered within `median`, nine in ten within `p90`."""

    count: int
    median: timedelta
    p90: timedelta

    @property
    def days(self) -> int:
        """The median in whole working days, rounded up, so that it promises nothing better than what happened."""
        return max(1, math.ceil(self.median / DAY))


def working_time(begin: datetime, end: datetime) -> timedelta:
    """Returns the time between two moments without weekends and holidays. Never negative."""
    # Once for both: the figures ask about each reply of six months.
    zone = timezone.get_current_timezone()
    begin, end = begin.astimezone(zone), end.astimezone(zone)
    if end.date() < begin.date():
        return NO_TIME
    # All of the first day to the day before the last, without what had passed of the first, with what had of the last.
    days = _working_days(begin.date(), end.date(), settings.HOLIDAYS)
    return max(days * DAY - _passed_of_day(begin) + _passed_of_day(end), NO_TIME)


# The form says how long replies took, and half a thousand requests have only so many pairs of days.
@lru_cache(maxsize=2_000)
def _working_days(begin: date, end: date, holidays: frozenset[date]) -> int:
    """How many from `begin` to the day before `end`. `holidays` are those of the settings, named for the cache."""
    return sum(is_working_day(begin + number * DAY) for number in range((end - begin).days))


def percentile(times: Sequence[timedelta], share: float) -> timedelta:
    """Returns the smallest of `times` that at least `share` (0 to 1) of them do not exceed (nearest-rank method)."""
    return sorted(times)[max(math.ceil(share * len(times)), 1) - 1]


def summarise(pairs: Iterable[tuple[datetime, datetime]]) -> ReplyTimes | None:
    """Takes pairs of (received, answered); returns None when there are fewer than AT_LEAST."""
    times = [working_time(received, answered) for received, answered in pairs]
    if len(times) < AT_LEAST:
        return None
    return ReplyTimes(len(times), percentile(times, 0.5), percentile(times, 0.9))


def recent_reply_times() -> ReplyTimes | None:
    """Covers the requests first answered within the last 30 days. One query."""
    answered = Inquiry.objects.filter(answered_at__gte=timezone.now() - LOOK_BACK).order_by("-answered_at")
    return summarise(answered.values_list("received_at", "answered_at")[:AT_MOST])


def kept_reply_times() -> ReplyTimes | None:
    """The same, as this process knew it at most a minute ago: to count 500 takes longer than to store a request."""
    return reply_times_in(int(clock.monotonic() // KEPT_FOR))


@lru_cache(maxsize=1)
def reply_times_in(_minute: int) -> ReplyTimes | None:
    return recent_reply_times()


def _passed_of_day(moment):
    """How much of its day had passed, if that is a working day.

    By the clock on the wall, so that a day on which the clocks change is no longer or shorter than others.
    """
    if not is_working_day(moment.date()):
        return NO_TIME
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
