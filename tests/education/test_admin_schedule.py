"""Scheduling in admin: without JavaScript, in the time zone of the site, and nothing by mistake."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from education.actions import approve, schedule_withdrawal, submit_for_review
from education.admin.schedule import ScheduleForm
from education.models import Article, RevisionState
from tests.education.admin_cast import change_url, make_author
from tests.education.factories import make_article, make_published_article

NOW = datetime(2026, 3, 23, 12, tzinfo=UTC)  # a Monday; the clocks go forward on Sunday the 29th


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def chosen(**typed):
    form = ScheduleForm(typed)
    return form.cleaned_data["at"] if form.is_valid() else form.errors.get_json_data()


def first_error(found, name="__all__"):
    return found[name][0]["message"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, None),
        ({"when": "now"}, None),
        ({"when": "now", "day": "", "time": ""}, None),
        ({"day": "2026-03-25"}, datetime(2026, 3, 25, 9, tzinfo=UTC)),
        ({"when": "later", "day": "2026-03-25", "time": "06:30"}, datetime(2026, 3, 25, 6, 30, tzinfo=UTC)),
        # In summer, London is an hour ahead of UTC.
        ({"when": "later", "day": "2026-08-06", "time": "09:00"}, datetime(2026, 8, 6, 8, tzinfo=UTC)),
        ({"when": "later", "day": "2026-03-29", "time": "02:00"}, datetime(2026, 3, 29, 1, tzinfo=UTC)),
        # 01:30 comes twice on 25 October; the first one counts.
        ({"when": "later", "day": "2026-10-25", "time": "01:30"}, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_the_time_zone_of_the_site(typed, expected):
    assert chosen(**typed) == expected


def test_a_time_that_the_clocks_skip_is_explained():
    found = chosen(when="later", day="2026-03-29", time="01:30")
    assert first_error(found, "time") == "The clocks go forward that night and skip this time. Choose another."


@pytest.mark.parametrize("day", ["2026-03-22", "1900-01-01", "0001-01-01", "2032-01-01", "9999-12-31"])
def test_a_day_in_the_past_or_too_far_ahead_is_explained(day):
    assert "Choose today or a later day" in first_error(chosen(when="later", day=day), "day")


@pytest.mark.parametrize(
    "typed", [{"day": "next week"}, {"day": "2026-02-30"}, {"day": "2026-04-01", "time": "25:00"}, {"when": "never"}]
)
def test_an_invalid_day_time_or_choice_is_an_error(typed):
    assert isinstance(chosen(**typed), dict)


def test_a_day_together_with_at_once_is_an_error():
    assert "nothing has happened yet" in first_error(chosen(when="now", day="2026-03-25"))
    assert "nothing has happened yet" in first_error(chosen(time="10:00"))
    assert first_error(chosen(when="later"), "day") == "Choose a day."


def url(thing, name):
    return reverse(f"admin:education_{thing._meta.model_name}_{name}", args=[thing.pk])


def test_approving_for_a_later_day(client, ruth):
    revision = submit_for_review(make_article(), by=make_author())
    page = client.get(url(revision, "approve")).content.decode()
    assert "<legend>When</legend>" in page
    assert 'type="date"' in page
    assert "In the time zone Europe/London." in page

    typed = {"when": "later", "day": "2026-03-30", "time": "08:00", "text": "Well put."}
    page = client.post(url(revision, "approve"), typed, follow=True).content.decode()

    assert "Approved. Readers will see this revision from 30 March 2026, 08:00." in page
    assert '<span class="chip chip--scheduled">Approved for 30 March 2026, 08:00</span>' in page
    assert '<time datetime="2026-03-30T08:00:00+01:00">30 March 2026, 08:00</time>' in page
    revision.refresh_from_db()
    assert (revision.state, revision.publish_at) == (RevisionState.SCHEDULED, datetime(2026, 3, 30, 7, tzinfo=UTC))
    article_page = client.get(change_url(revision.article)).content.decode()
    assert "30 March 2026, 08:00" in article_page
    assert url(revision.article, "submit") not in article_page


def test_an_error_loses_nothing_typed_and_decides_nothing(client, ruth):
    revision = submit_for_review(make_article(), by=make_author())
    typed = {"when": "later", "day": "2026-03-20", "time": "08:15", "text": "Well <put>."}
    page = client.post(url(revision, "approve"), typed).content.decode()
    for words in (
        "Choose today or a later day",
        'value="2026-03-20"',
        'value="08:15"',
        "Well &lt;put&gt;.",
        "<title>Error:",
    ):
        assert words in page
    # Today, but an hour ago: only the action refuses that.
    page = client.post(url(revision, "approve"), typed | {"day": "2026-03-23", "time": "11:00"}).content.decode()
    assert "23 March 2026, 11:00 is in the past. Choose a later time" in page
    assert 'value="11:00"' in page
    revision.refresh_from_db()
    assert (revision.state, revision.reviews.count()) == (RevisionState.IN_REVIEW, 0)


def test_calling_back_a_revision(client, ruth):
    revision = approve(submit_for_review(make_article(), by=None), by=ruth, publish_at=NOW + timedelta(days=1))
    assert url(revision, "callback") in client.get(change_url(revision)).content.decode()
    assert "This field is required" in client.post(url(revision, "callback"), {"text": ""}).content.decode()
    page = client.post(url(revision, "callback"), {"text": "The dose is wrong."}, follow=True).content.decode()
    assert "Called back." in page
    assert "The dose is wrong." in page
    assert url(revision, "callback") not in page


def test_scheduling_and_cancelling_a_withdrawal(client, ruth):
    article = make_published_article()
    typed = {"when": "later", "day": "2026-04-01", "text": "The trial ends."}
    page = client.post(url(article, "withdraw"), typed, follow=True).content.decode()
    assert "The page will leave the site on 1 April 2026, 09:00." in page
    assert "The trial ends." in page
    assert Article.objects.get().is_published

    assert url(article, "keep") in page
    page = client.post(url(article, "keep"), follow=True).content.decode()
    assert "The page stays." in page
    assert url(article, "keep") not in page
    page = client.post(url(article, "keep")).content.decode()
    assert "No day is set for withdrawing this page." in page


def test_the_withdrawal_page_warns_of_a_scheduled_revision(client, ruth):
    article = make_published_article()
    approve(submit_for_review(article, by=None), by=ruth, publish_at=NOW + timedelta(days=1))
    page = client.get(url(article, "withdraw")).content.decode()
    assert "Revision 2 is approved for 24 March 2026, 12:00 and will bring the page back then." in page


def test_an_author_cannot_change_the_schedule(client, ruth):
    article = make_published_article()
    schedule_withdrawal(article, at=NOW + timedelta(days=1), by=ruth, reason="Old.")
    revision = approve(submit_for_review(article, by=None), by=ruth, publish_at=NOW + timedelta(days=1))
    client.force_login(make_author())
    steps = [url(revision, "callback"), url(article, "withdraw"), url(article, "keep")]
    pages = [client.get(change_url(thing)).content.decode() for thing in (article, revision)]
    assert [step for step in steps if any(step in page for page in pages)] == []
    assert [client.post(step, {"text": "No."}).status_code for step in steps] == [403, 403, 403]
    revision.refresh_from_db()
    assert (revision.state, Article.objects.get().withdraw_reason) == (RevisionState.SCHEDULED, "Old.")
