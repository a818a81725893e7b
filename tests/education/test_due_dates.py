"""The due date of a page's next review. Pages approved together do not fall due together."""

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from education.actions import approve, submit_for_review
from education.due_dates import least_busy_day, months_later, next_due
from education.models import Kind
from tests.education.factories import make_article, make_reviewer, make_user

FRIDAY = date(2029, 11, 23)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 31), 36, date(2029, 3, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
    ],
)
def test_months_later_keeps_the_day_where_the_month_has_it(day, months, expected):
    assert months_later(day, months) == expected


def test_treatments_are_due_after_a_year_and_the_rest_after_three():
    reviewed = date(2026, 11, 23)
    assert next_due(reviewed, Kind.THERAPY, []) == date(2027, 11, 23)
    assert {next_due(reviewed, kind, []) for kind in Kind if kind != Kind.THERAPY} == {FRIDAY}


def test_a_due_date_on_a_weekend_moves_back_to_friday():
    assert least_busy_day(FRIDAY + timedelta(days=1), []) == FRIDAY
    assert least_busy_day(FRIDAY + timedelta(days=2), []) == FRIDAY


def test_a_due_date_on_a_busy_day_moves_back_to_a_free_day():
    assert least_busy_day(FRIDAY, [FRIDAY]) == FRIDAY - timedelta(days=1)
    monday = FRIDAY - timedelta(days=4)
    week = [monday + timedelta(days=n) for n in range(5)]
    assert least_busy_day(FRIDAY, week) == monday - timedelta(days=3)


def test_when_every_day_is_taken_the_least_busy_is_chosen():
    all_days = [FRIDAY - timedelta(days=back) for back in range(57)]
    quiet = FRIDAY - timedelta(days=30)  # a Wednesday
    assert least_busy_day(FRIDAY, all_days * 2 + [day for day in all_days if day != quiet]) == quiet
    assert least_busy_day(FRIDAY, all_days) == FRIDAY


def test_only_the_eight_weeks_before_the_latest_day_count():
    window = [FRIDAY - timedelta(days=back) for back in range(56)]
    assert least_busy_day(FRIDAY, window) == FRIDAY - timedelta(weeks=8)
    assert least_busy_day(FRIDAY, [*window, FRIDAY - timedelta(weeks=8)]) == FRIDAY


@given(
    st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    st.lists(st.integers(-10, 80), max_size=80),
)
def test_the_chosen_day_is_the_least_busy_working_day_of_eight_weeks(latest, backs):
    taken = [latest - timedelta(days=back) for back in backs]
    found = least_busy_day(latest, taken)
    assert latest - timedelta(weeks=8) <= found <= latest
    assert found.weekday() < 5
    busy = Counter(taken)
    others = [latest - timedelta(days=back) for back in range(57)]
    assert busy[found] == min(busy[day] for day in others if day.weekday() < 5)


@pytest.mark.django_db
@time_machine.travel("2026-11-23 12:00:00+00:00", tick=False)
def test_pages_approved_on_one_day_fall_due_on_different_days():
    ana, rosa = make_user("ana"), make_reviewer()
    due = [
        approve(submit_for_review(make_article(f"topic-{number}"), by=ana), by=rosa).next_review_due
        for number in range(12)
    ]
    assert len(set(due)) == 12
    assert max(due) == FRIDAY
    assert min(due) >= FRIDAY - timedelta(weeks=8)


@pytest.mark.django_db
@time_machine.travel("2026-11-23 12:00:00+00:00", tick=False)
def test_a_page_ignores_its_own_former_due_date():
    ana, rosa = make_user("ana"), make_reviewer()
    article = make_article()
    first = approve(submit_for_review(article, by=ana), by=rosa)
    second = approve(submit_for_review(article, by=ana), by=rosa)
    assert first.next_review_due == second.next_review_due == FRIDAY
