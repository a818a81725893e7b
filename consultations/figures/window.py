"""Of when the figures are: this week and the 25 before, this month and the 5 before, in the clinic's own time."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format

WEEKS, MONTHS = 26, 6


def weeks() -> list[date]:
    """The Mondays, the oldest first."""
    today = timezone.localdate()
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def months() -> list[date]:
    """The first days, the oldest first."""
    today = timezone.localdate()
    numbers = [today.year * 12 + today.month - 1 - back for back in reversed(range(MONTHS))]
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def begin(day: date) -> datetime:
    """The first moment of a day."""
    return timezone.make_aware(datetime.combine(day, time()))


def month_name(day: date) -> str:
    return date_format(day, "F Y")


def short_month(day: date) -> str:
    return date_format(day, "M")
