from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Monday to Friday, but for the clinic's holidays (HOLIDAYS)."""
    return day.weekday() < SATURDAY and day not in settings.HOLIDAYS


def add_working_days(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def working_days_between(begin: datetime, end: datetime) -> int:
    """How many working days have begun since: none on the same day, one from a Friday to the Monday after."""
    first, last = timezone.localdate(begin), timezone.localdate(end)
    weeks, rest = divmod(max((last - first).days, 0), 7)
    weekdays = 5 * weeks + sum((first + timedelta(days=day)).weekday() < SATURDAY for day in range(1, rest + 1))
    return weekdays - sum(first < day <= last and day.weekday() < SATURDAY for day in settings.HOLIDAYS)


def reply_within(urgency: str) -> int:
    """The service level: working days until a first reply is due."""
    levels = {
        "urgent": settings.REPLY_URGENT_WITHIN_WORKING_DAYS,
        "soon": settings.REPLY_SOON_WITHIN_WORKING_DAYS,
        "routine": settings.REPLY_WITHIN_WORKING_DAYS,
    }
    return levels[urgency]


def reply_due(received_at: datetime, urgency: str = "routine") -> datetime:
    """The end of the day that the patient is told, so that nothing counts as late while that day lasts."""
    day = add_working_days(timezone.localdate(received_at), reply_within(urgency))
    # Where the clocks go back at midnight the last hour of the day comes twice: the second one counts.
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59, fold=1))).astimezone(UTC)
