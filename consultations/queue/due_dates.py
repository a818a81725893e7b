"""Working days and due dates. Every date is in the clinic's time zone (TIME_ZONE)."""

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

# As date.weekday() counts: Monday is 0.
SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Monday to Friday, except the clinic's holidays (HOLIDAYS)."""
    return day.weekday() < SATURDAY and day not in settings.HOLIDAYS


def add_working_days(day: date, count: int) -> date:
    """Returns the day on which `count` more working days have begun; `day` itself is not counted."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def working_days_between(begin: datetime, end: datetime) -> int:
    """Returns how many working days have begun since `begin`: 0 on the same day, 1 from a Friday to the Monday after.

    Whole weeks are counted by arithmetic, since this runs for every row of the queue and a request may be years old.
    """
    first, last = timezone.localdate(begin), timezone.localdate(end)
    # Never negative: the clock of one server may be behind that of another.
    weeks, rest = divmod(max((last - first).days, 0), 7)
    weekdays = 5 * weeks + sum((first + timedelta(days=day)).weekday() < SATURDAY for day in range(1, rest + 1))
    return weekdays - sum(first < day <= last and day.weekday() < SATURDAY for day in settings.HOLIDAYS)


def reply_within(urgency: str) -> int:
    """Returns the service level of an urgency: the number of working days within which a reply is due."""
    levels = {
        "urgent": settings.REPLY_URGENT_WITHIN_WORKING_DAYS,
        "soon": settings.REPLY_SOON_WITHIN_WORKING_DAYS,
        "routine": settings.REPLY_WITHIN_WORKING_DAYS,
    }
    return levels[urgency]


def reply_due(received_at: datetime, urgency: str = "routine") -> datetime:
    """Returns the last second of the day that the patient is told, in UTC: nothing is late while that day lasts."""
    day = add_working_days(timezone.localdate(received_at), reply_within(urgency))
    # Where the clocks go back at midnight, the last hour of the day happens twice: the second one counts.
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59, fold=1))).astimezone(UTC)
