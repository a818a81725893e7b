"""What a figure of the dashboard is, and the periods that figures cover, in the clinic's time zone (TIME_ZONE)."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

# This week and the 25 before it, this month and the 5 before it.
WEEKS, MONTHS = 26, 6
# The page shows only this many rows of a figure, since there may be thousands of topics. The CSV file has all of them.
MOST_ROWS = 30


@dataclass(frozen=True)
class Row:
    """A line of a table. `moment` is its week or month in ISO 8601, for machines."""

    name: str
    cells: list
    moment: str = ""


@dataclass(frozen=True)
class Figure:
    """A sentence, a plot and a table of the same numbers. Without rows, only the sentence `empty` is shown."""

    key: str
    heading: str
    sentence: str
    columns: list[str]
    rows: list[Row]
    empty: str
    plot: dict | None = None
    # Sets the colour of the plot: one for each meaning.
    meaning: str = "received"
    notes: list[str] = field(default_factory=list)

    @property
    def shown_rows(self) -> list[Row]:
        return self.rows[:MOST_ROWS]

    @property
    def rows_left_out(self) -> int:
        return len(self.rows) - len(self.shown_rows)

    def as_table(self) -> tuple[list, list[list]]:
        """Returns the header and the rows for a CSV file: ISO dates, and empty cells for unknown numbers."""
        rows = [[row.moment or row.name, *("" if cell is None else cell for cell in row.cells)] for row in self.rows]
        return [capfirst(name) for name in self.columns], rows


def weeks() -> list[date]:
    """Returns the Mondays, the oldest first."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def months() -> list[date]:
    """Returns the first day of each month, the oldest first."""
    today = timezone.localdate()
    numbers = [today.year * 12 + today.month - 1 - back for back in reversed(range(MONTHS))]
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def start_of(day: date) -> datetime:
    """Returns the first moment of a day."""
    return timezone.make_aware(datetime.combine(day, time()))


def period_of(field: str, days: list[date]) -> Case:
    """Returns, as an expression, the place in `days` of the week or month to which the moment in `field` belongs.

    Compared with where each begins, since SQLite asks Python to truncate a moment, once for each row.
    """
    begun = [When(**{f"{field}__gte": start_of(day)}, then=Value(place)) for place, day in enumerate(days)]
    return Case(*reversed(begun))


def month_name(day: date) -> str:
    return date_format(day, "F Y")


def short_month(day: date) -> str:
    return date_format(day, "M")
