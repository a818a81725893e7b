"""Due dates and the age of requests: weekends, holidays, ends of years, changes of the clocks."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from consultations.queue.due_dates import add_working_days, is_working_day, reply_due, working_days_between


@pytest.fixture
def in_zone(settings):
    def use(zone, *holidays):
        settings.TIME_ZONE = zone
        settings.HOLIDAYS = frozenset(date.fromisoformat(day) for day in holidays)
        settings.REPLY_URGENT_WITHIN_WORKING_DAYS, settings.REPLY_SOON_WITHIN_WORKING_DAYS = 1, 3
        settings.REPLY_WITHIN_WORKING_DAYS = 10

    use("Europe/London")
    return use


def at(text):
    """Returns a moment in the time zone of the site."""
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("urgency", "due"), [("urgent", "2026-11-24"), ("soon", "2026-11-26"), ("routine", "2026-12-07")]
)
def test_each_urgency_has_its_service_level(in_zone, urgency, due):
    assert f"{timezone.localdate(reply_due(at('2026-11-23 10:00'), urgency))}" == due  # from a Monday


def test_a_request_is_routine_unless_told_otherwise_and_due_in_utc(in_zone):
    in_zone("Asia/Kolkata")
    received = at("2026-11-23 10:00")
    assert reply_due(received) == reply_due(received, "routine")
    assert reply_due(received).isoformat() == "2026-12-07T18:29:59+00:00"


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-27 16:00", "2026-11-30"),  # a Friday: Monday
        ("2026-11-28 16:00", "2026-11-30"),  # a Saturday too
        ("2026-11-29 23:59:59", "2026-11-30"),  # and a Sunday
        ("2026-11-30 00:00", "2026-12-01"),  # a second later it is Monday
        ("2026-12-24 10:00", "2026-12-29"),  # over Christmas
        ("2026-12-31 23:59:59", "2027-01-04"),  # over the end of the year
        ("2028-02-28 10:00", "2028-02-29"),  # a leap day is a working day
    ],
)
def test_an_urgent_reply_is_due_on_the_next_working_day(in_zone, received, due):
    # The 26th is a Saturday: a holiday on a weekend takes no working day away.
    in_zone("Europe/London", "2026-12-25", "2026-12-26", "2026-12-28", "2027-01-01")

    assert f"{timezone.localdate(reply_due(at(received), 'urgent'))}" == due


def test_a_holiday_on_a_weekend_changes_nothing(in_zone):
    in_zone("Europe/London", "2026-11-28")

    assert add_working_days(date(2026, 11, 27), 1) == date(2026, 11, 30)
    assert working_days_between(at("2026-11-27 10:00"), at("2026-11-30 10:00")) == 1


def test_a_week_without_a_working_day_is_skipped(in_zone):
    in_zone("Europe/London", *(f"2026-12-{day}" for day in range(21, 32)), "2027-01-01")

    assert add_working_days(date(2026, 12, 18), 1) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("zone", "received", "end"),
    [
        ("Europe/London", "2026-10-23 10:00", "2026-10-26 23:59:59+00:00"),  # the clocks went back on Sunday
        ("Europe/London", "2026-03-27 10:00", "2026-03-30 22:59:59+00:00"),  # and forward
        # In Cairo the clocks go back at midnight on a Thursday: 23:59:59 comes twice, and the second one ends the day.
        ("Africa/Cairo", "2026-10-28 10:00", "2026-10-29 21:59:59+00:00"),
        # Beirut's go forward at midnight.
        ("Asia/Beirut", "2026-03-27 10:00", "2026-03-30 20:59:59+00:00"),
        ("Pacific/Kiritimati", "2026-11-23 00:30", "2026-11-24 09:59:59+00:00"),  # 14 hours ahead
    ],
)
def test_a_day_ends_in_the_time_zone_of_the_site(in_zone, zone, received, end):
    in_zone(zone)

    assert reply_due(at(received), "urgent") == datetime.fromisoformat(end)


def test_no_reply_is_late_before_the_due_day_has_ended(in_zone):
    due = reply_due(at("2026-11-23 10:00"), "urgent")

    assert at("2026-11-24 23:59:59") <= due < at("2026-11-25 00:00")


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        ("2026-11-23 09:00", "2026-11-23 17:00", 0),
        ("2026-11-23 23:59", "2026-11-24 00:01", 1),
        ("2026-11-20 17:00", "2026-11-22 17:00", 0),  # Friday to Sunday
        ("2026-11-20 17:00", "2026-11-23 08:00", 1),  # Friday to Monday
        ("2026-11-21 17:00", "2026-11-23 08:00", 1),  # Saturday to Monday
        ("2025-12-31 10:00", "2026-01-02 10:00", 1),  # with New Year's Day between
        ("2026-01-01 10:00", "2026-01-02 10:00", 1),  # received on New Year's Day
        ("2025-12-31 10:00", "2026-01-01 10:00", 0),  # and on the evening before
        ("2026-11-23 10:00", "2026-11-20 10:00", 0),  # backwards, as a clock that was set back
        ("2016-11-23 10:00", "2026-11-23 10:00", 2607),
    ],
)
def test_age_in_working_days(in_zone, begin, end, days):
    in_zone("Europe/London", "2026-01-01")

    assert working_days_between(at(begin), at(end)) == days


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(begin=moments, count=st.integers(1, 60))
def test_age_and_due_date_count_working_days_alike(begin, count):
    day = timezone.localdate(begin)
    end = timezone.make_aware(datetime.combine(add_working_days(day, count), datetime.min.time()))

    assert is_working_day(timezone.localdate(end))
    assert working_days_between(begin, end) == count
