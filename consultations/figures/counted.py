"""The figures as they were last counted: the scheduler counts them every hour, and staff may ask for it."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language

from consultations.figures import all_figures
from consultations.figures.figure import Figure, Row
from consultations.models import CountedFigures

# Older ones are counted by the page that shows them: then no scheduler is running, which would count every hour.
KEPT_FOR = timedelta(minutes=90)
# The scheduler leaves younger ones alone: another may have counted, and cron starts one every minute.
HOURLY = timedelta(minutes=55)
# Whoever asks again within this time gets the same figures.
AT_MOST_EVERY = timedelta(minutes=1)


class Counted(NamedTuple):
    at: datetime
    figures: list[Figure]


def figures_within(limit: timedelta = KEPT_FOR) -> Counted:
    """Returns the figures, counted no longer ago than this; counts them if there are none. One query if there are."""
    kept = CountedFigures.objects.filter(language=get_language(), counted_at__gt=timezone.now() - limit).first()
    if kept is None:
        return count_figures()
    return Counted(kept.counted_at, [_figure(each) for each in kept.figures])


def count_hourly() -> None:
    """For the scheduler, so that no page has to count."""
    figures_within(HOURLY)


def count_figures() -> Counted:
    """Counts and keeps them. Two processes may do so at once: the later one wins, and both are right."""
    # Before counting: the figures are at least as new as the page says.
    counted = Counted(timezone.now(), all_figures())
    row = {"counted_at": counted.at, "figures": [asdict(figure) for figure in counted.figures]}
    CountedFigures.objects.update_or_create(language=get_language(), defaults=row)
    return counted


def _figure(fields):
    return Figure(**fields | {"rows": [Row(**row) for row in fields["rows"]]})
