from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from consultations.models import Inquiry
from consultations.queue.reply_times import AT_MOST, ReplyTimes, percentile, recent_reply_times, summarise, working_time
from tests.consultations.factories import an_inquiry

# Friday, 20 November 2026, nine in the morning
FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        (FRIDAY, FRIDAY + timedelta(hours=12), 0.5),
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, FRIDAY - DAY, 0),
        # Over a weekend: the rest of Friday and the morning of Monday.
        (FRIDAY, FRIDAY + 3 * DAY, 1),
        (FRIDAY, FRIDAY + 7 * DAY, 5),
        # Sent on Saturday, answered on Sunday: no working time has passed.
        (FRIDAY + DAY, FRIDAY + 2 * DAY, 0),
        (FRIDAY + DAY, FRIDAY + 3 * DAY, 9 / 24),
    ],
)
def test_weekends_do_not_count(begin, end, days):
    assert working_time(begin, end) == timedelta(days=days)


def test_holidays_do_not_count(settings):
    settings.HOLIDAYS = frozenset({date(2026, 11, 23)})

    assert working_time(FRIDAY, FRIDAY + 4 * DAY) == DAY


def test_days_are_those_of_the_clinic(settings):
    settings.TIME_ZONE = "Asia/Tokyo"

    # Sunday afternoon in London is Monday in Tokyo.
    sunday = datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert working_time(sunday, sunday + timedelta(hours=2)) == timedelta(hours=2)


def test_a_change_of_the_clocks_does_not_make_a_day_longer():
    # The clocks went back in the night to Sunday, 25 October 2026, which does not count.
    begin = datetime(2026, 10, 23, 8, tzinfo=UTC)

    assert working_time(begin, datetime(2026, 10, 26, 9, tzinfo=UTC)) == DAY


def test_percentiles_are_actual_values():
    times = [timedelta(hours=hours) for hours in (5, 1, 3, 2, 4, 6, 7, 8, 9, 10)]

    assert percentile(times, 0.5) == timedelta(hours=5)
    assert percentile(times, 0.9) == timedelta(hours=9)
    assert percentile(times[:1], 0.9) == timedelta(hours=5)
    assert percentile(times, 0) == timedelta(hours=1)


def test_fewer_than_five_say_nothing():
    pairs = [(FRIDAY, FRIDAY + timedelta(hours=hours)) for hours in (1, 2, 3, 4)]

    assert summarise(pairs) is None
    assert summarise([*pairs, (FRIDAY, FRIDAY + timedelta(hours=10))]) == ReplyTimes(
        count=5, median=timedelta(hours=3), p90=timedelta(hours=10)
    )


@pytest.mark.parametrize(("hours", "days"), [(0, 1), (1, 1), (24, 1), (25, 2), (60, 3)])
def test_days_are_rounded_up(hours, days):
    assert ReplyTimes(5, timedelta(hours=hours), timedelta(hours=hours)).days == days


def answered(*ages):
    """Creates requests answered so many days ago, each after half a working day."""
    for number, age in enumerate(ages):
        inquiry = an_inquiry(address=f"198.51.100.{number}")
        at = FRIDAY - age * DAY
        Inquiry.objects.filter(pk=inquiry.pk).update(
            received_at=at, answered_at=at + timedelta(hours=12), status="answered"
        )


@pytest.mark.django_db
@time_machine.travel(FRIDAY + timedelta(hours=14), tick=False)
def test_only_the_last_30_days_count_and_it_takes_one_query(django_assert_num_queries):
    answered(0, 1, 2, 3, 31)
    an_inquiry(address="192.0.2.77")
    with django_assert_num_queries(1):
        assert recent_reply_times() is None

    answered(7)
    with django_assert_num_queries(1):
        assert recent_reply_times() == ReplyTimes(5, timedelta(hours=12), timedelta(hours=12))


@pytest.mark.django_db
@time_machine.travel(FRIDAY + timedelta(hours=14), tick=False)
def test_only_the_newest_are_counted(monkeypatch):
    monkeypatch.setattr("consultations.queue.reply_times.AT_MOST", 5)
    answered(0, 1, 2, 3, 7, 8, 9)

    assert recent_reply_times().count == 5 < AT_MOST
