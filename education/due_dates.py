"""The due date of a page's next review: at most 36 months after the last one, or 12 months for a therapy."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from education.models import Kind

# Evidence on treatments changes fastest. docs/clinicians.md promises these intervals.
REVIEW_EVERY_MONTHS = {Kind.OVERVIEW: 36, Kind.MECHANISM: 36, Kind.CONDITION: 36, Kind.THERAPY: 12}
# Pages approved on one day would otherwise all fall due on one day, and be too many for the reviewers.
SPREAD = timedelta(weeks=8)
SATURDAY = 5
# From this long before the due date, authors and reviewers are reminded every week.
REMIND_BEFORE = timedelta(days=90)


def next_due(reviewed: date, kind: Kind, taken: Iterable[date]) -> date:
    """The due date of the review after one on `reviewed`. `taken` holds the due dates of other pages."""
    return least_busy_day(months_later(reviewed, REVIEW_EVERY_MONTHS[kind]), taken)


def least_busy_day(latest: date, taken: Iterable[date]) -> date:
    """The working day with the fewest due dates, in the eight weeks that end on `latest`.

    Among equals, the last one, so that no review is due earlier than necessary.
    """
    busy = Counter(taken)
    days = [latest - timedelta(days=back) for back in range(SPREAD.days + 1)]
    return min((day for day in days if day.weekday() < SATURDAY), key=lambda day: busy[day])


def months_later(day: date, months: int) -> date:
    """The same day of the month some months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    # 31 August plus six months is the last day of February, whichever that is.
    for day_of_month in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, day_of_month)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
