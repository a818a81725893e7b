"""The scheduler: one round, several at once, and the loop."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from education import leaflets, reminders
from education.actions import approve, feedback, publish_due, schedule_withdrawal, submit_for_review
from education.management.commands import run_scheduler
from education.models import Article, Reference, Revision
from gutskin import loop_command
from gutskin.mail.models import Notification
from tests.at_once import database_url, together
from tests.education.factories import make_article, make_published_article, make_reviewer, make_user

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def no_leaflets(monkeypatch):
    """Making leaflets takes seconds and is tested elsewhere."""
    monkeypatch.setattr(leaflets, "make_missing", lambda at_most: 0)


def schedule(*slugs):
    with time_machine.travel(MONDAY, tick=False):
        ana, rosa = make_user("ana"), make_reviewer()
        for slug in slugs:
            approve(submit_for_review(make_article(slug, title=slug.title()), by=ana), by=rosa, publish_at=WEDNESDAY)


def run(*arguments):
    out = StringIO()
    call_command("run_scheduler", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_one_round_runs_every_job(monkeypatch):
    schedule("acne", "rosacea")
    with time_machine.travel(MONDAY, tick=False):
        page = make_published_article("psoriasis", title="Psoriasis")
        schedule_withdrawal(page, at=WEDNESDAY, by=None, reason="Old.")
    monkeypatch.setattr(leaflets, "make_missing", lambda at_most: 3)
    monkeypatch.setattr(feedback, "delete_old_feedback_words", lambda: 2)
    monkeypatch.setattr(reminders, "queue_reminders", lambda today: reminders.Reminders(queued=1))
    with time_machine.travel(WEDNESDAY, tick=False):
        assert run().splitlines() == [
            "2 published, 1 withdrawn.",
            "Leaflets made: 3.",
            "Readers' comments deleted: 2.",
            "Reminders queued: 1.",
        ]


@pytest.mark.django_db
def test_a_dry_run_lists_what_is_due_and_does_nothing():
    schedule("acne")
    with time_machine.travel(MONDAY, tick=False):
        page = make_published_article("psoriasis", title="Psoriasis")
        schedule_withdrawal(page, at=WEDNESDAY, by=None, reason="Old.")
    with time_machine.travel(WEDNESDAY + timedelta(hours=1), tick=False):
        assert run("--dry-run").splitlines() == [
            "publish: Acne · 1, due since 2026-11-25 09:00",
            "withdraw: Psoriasis, due since 2026-11-25 09:00",
            "Dry run: nothing was changed.",
        ]
    assert set(Revision.objects.values_list("state", flat=True)) == {"scheduled", "published"}


@pytest.mark.django_db
def test_a_failing_job_is_logged_and_does_not_stop_the_others(monkeypatch, caplog):
    schedule("acne")
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="Data were made up.")

    def no_paper(at_most):
        raise RuntimeError("no paper")

    done = []
    monkeypatch.setattr(leaflets, "make_missing", no_paper)
    monkeypatch.setattr(reminders, "queue_reminders", lambda today: done.append(today) or reminders.Reminders())
    with time_machine.travel(WEDNESDAY, tick=False), pytest.raises(CommandError, match="tried again"):
        run()
    assert done == [WEDNESDAY.date()]
    told = [record.getMessage() for record in caplog.records if record.name == run_scheduler.__name__]
    assert told[0].startswith("Acne · 1 has to wait: ")
    assert "Data were made up." in told[0]
    assert told[1:] == ["make_leaflets failed (RuntimeError)."]


@pytest.mark.django_db
def test_a_line_break_in_a_title_cannot_forge_a_log_line(caplog, no_leaflets):
    schedule("acne")
    Revision.objects.update(title="Acne\n2026-11-25 09:00 ERROR django all is lost")
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="Data were made up.")
    with time_machine.travel(WEDNESDAY, tick=False), pytest.raises(CommandError):
        run()
    assert "Acne 2026-11-25 09:00 ERROR django all is lost · 1 has to wait" in caplog.text


@pytest.mark.django_db
def test_the_same_problem_is_logged_once_in_the_loop(monkeypatch, caplog, no_leaflets):
    schedule("acne")
    Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="Data were made up.")
    with time_machine.travel(WEDNESDAY, tick=False):
        run_rounds(monkeypatch, 3)
    assert caplog.text.count("has to wait") == 1


def run_rounds(monkeypatch, count, before_each=lambda number: None):
    """Runs the loop and stops it after `count` rounds."""
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    rounds = []
    run_once = run_scheduler.Command.run_jobs

    def counted(self):
        rounds.append(len(rounds))
        if len(rounds) == count:
            self.stopping_soon = True
        before_each(len(rounds))
        return run_once(self)

    def wait(self, pause):
        self.stopping = getattr(self, "stopping_soon", False)

    # Closing the connection would lose the transaction of the test.
    monkeypatch.setattr(loop_command.connection, "close", lambda: None)
    monkeypatch.setattr(loop_command, "close_old_connections", lambda: None)
    monkeypatch.setattr(run_scheduler.Command, "run_jobs", counted)
    monkeypatch.setattr(run_scheduler.Command, "wait", wait)
    errors = StringIO()
    call_command("run_scheduler", "--loop", stdout=StringIO(), stderr=errors)
    return errors.getvalue()


@pytest.mark.django_db
def test_reminders_and_old_comments_are_handled_once_an_hour(monkeypatch, no_leaflets):
    looked, clock = [], [0.0]
    monkeypatch.setattr(reminders, "queue_reminders", lambda today: looked.append("reminders") or reminders.Reminders())
    monkeypatch.setattr(feedback, "delete_old_feedback_words", lambda: looked.append("words") or 0)
    monkeypatch.setattr(run_scheduler.time, "monotonic", lambda: clock[0])

    def half_an_hour_later(number):
        clock[0] = (number - 1) * 1800.0

    run_rounds(monkeypatch, 4, before_each=half_an_hour_later)
    assert looked == ["words", "reminders"] * 2


@pytest.mark.django_db
def test_pages_are_composed_only_after_a_change_and_every_ten_minutes(monkeypatch):
    schedule("acne")
    composed, clock = [], [0.0]
    monkeypatch.setattr(leaflets, "make_missing", lambda at_most: composed.append(clock[0]) or 0)
    monkeypatch.setattr(run_scheduler.time, "monotonic", lambda: clock[0])

    def half_a_minute_later(number):
        clock[0] = (number - 1) * 30.0
        if number == 4:
            Reference.objects.filter(key="zhao2025").update(status="retracted", status_reason="Data were made up.")

    with time_machine.travel(MONDAY, tick=False):
        run_rounds(monkeypatch, 26, before_each=half_a_minute_later)
    assert composed == [0.0, 90.0, 690.0]


@pytest.mark.django_db
def test_the_loop_outlives_a_database_that_does_not_answer(monkeypatch, no_leaflets):
    schedule("acne")
    publish_due, calls = run_scheduler.publish_due, []

    def silent_once(now):
        calls.append(now)
        if len(calls) == 1:
            raise OperationalError("gone")
        return publish_due(now)

    monkeypatch.setattr(run_scheduler, "publish_due", silent_once)
    with time_machine.travel(WEDNESDAY, tick=False):
        said = run_rounds(monkeypatch, 2)
    assert "did not answer (OperationalError)" in said
    assert Article.objects.published().count() == 1


@pytest.mark.django_db
def test_the_loop_makes_one_leaflet_at_a_time_without_pausing(monkeypatch):
    """So that many of them delay neither a scheduled page nor the end of the process."""
    pile, rested = [3], []

    def make_missing(at_most):
        assert at_most == 1
        pile[0] -= 1
        return pile[0] >= 0

    def wait(self, pause):
        rested.append(pile[0])
        self.stopping = True

    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    monkeypatch.setattr(leaflets, "make_missing", make_missing)
    monkeypatch.setattr(loop_command, "close_old_connections", lambda: None)
    monkeypatch.setattr(run_scheduler.Command, "wait", wait)
    call_command("run_scheduler", "--loop", stdout=StringIO())
    assert rested == [-1]


def test_two_schedulers_publish_and_withdraw_once(file_database):
    schedule("acne", "rosacea", "psoriasis")
    going = make_published_article("eczema")
    schedule_withdrawal(going, at=timezone.now() + timedelta(days=1), by=make_user("ben"), reason="Old.")
    Article.objects.filter(pk=going.pk).update(withdraw_at=WEDNESDAY - timedelta(days=9))
    Revision.objects.scheduled().update(publish_at=timezone.now() - timedelta(minutes=1))
    before = LogEntry.objects.count()

    results = together(2, lambda number: publish_due(timezone.now()))

    assert sum(run.published for run in results) == 3
    assert sum(run.withdrawn for run in results) == 1
    assert [run.refused for run in results] == [{}, {}]
    assert LogEntry.objects.count() == before + 4
    assert Article.objects.published().count() == 3


def test_two_schedulers_remind_once(file_database):
    make_published_article().live.reviewer.user.__class__.objects.filter(username="rosa").update(email="rosa@x.example")
    Revision.objects.update(next_review_due=timezone.localdate())

    results = together(2, lambda number: reminders.queue_reminders(timezone.localdate()))

    assert sum(outcome.queued for outcome in results) == 1
    assert Notification.objects.count() == 1


@pytest.mark.slow
def test_the_loop_runs_its_jobs_and_stops_on_sigterm(file_database, tmp_path):
    schedule("acne")
    Revision.objects.scheduled().update(publish_at=timezone.now() - timedelta(minutes=1))
    scheduler = subprocess.Popen(  # noqa: S603 our own command
        [sys.executable, "-c", SCHEDULER],
        env=os.environ | {"DATABASE_URL": database_url(file_database)},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = [scheduler.stdout.readline(), scheduler.stdout.readline()]
    scheduler.send_signal(signal.SIGTERM)
    rest, _ = scheduler.communicate(timeout=20)

    assert lines == ["The scheduler is running.\n", "1 published, 0 withdrawn.\n"]
    assert rest.endswith("Stopped. What becomes due will be done at the next start.\n")
    assert scheduler.returncode == 0
    assert Article.objects.published().count() == 1


# The environment is set here, since tests/settings.py overrides what a process inherits.
SCHEDULER = """
import os, sys
os.environ["TEST_DATABASE_URL"] = os.environ["DATABASE_URL"]
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from django.core.management import call_command
from education import leaflets
leaflets.make_missing = lambda at_most: 0
sys.stdout.reconfigure(line_buffering=True)
call_command("run_scheduler", "--loop", "--pause", "0.1")
"""
