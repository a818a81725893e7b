"""When a page is due for its next review: at most 36 months after the last one, 12 for a therapy."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from education.models import Kind

REVIEW_EVERY_MONTHS = {Kind.OVERVIEW: 36, Kind.MECHANISM: 36, Kind.CONDITION: 36, Kind.THERAPY: 12}
# Pages that were approved on one day would all fall due on one day, and be too much for whoever reviews them.
SPREAD = timedelta(weeks=8)
SATURDAY = 5
# From then on the people of a page are reminded, week by week.
REMIND_BEFORE = timedelta(days=90)


def next_due(reviewed: date, kind: Kind, taken: Iterable[date]) -> date:
    """The day by which a page reviewed on this day is to be reviewed again. `taken` holds the dates of other pages."""
    return least_busy_day(months_later(reviewed, REVIEW_EVERY_MONTHS[kind]), taken)


def least_busy_day(latest: date, taken: Iterable[date]) -> date:
    """The working day on which the fewest fall due, in the eight weeks that end with the latest day allowed.

    Never later than that day; among equals the last one, so that no review comes earlier than it must.
    """
    busy = Counter(taken)
    days = [latest - timedelta(days=back) for back in range(SPREAD.days + 1)]
    return min((day for day in days if day.weekday() < SATURDAY), key=lambda day: busy[day])


def months_later(day: date, months: int) -> date:
    """The same day some months on; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for day_of_month in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, day_of_month)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
