"""Reminders of reviews: one per person and week, from 90 days before until the review is done."""

import re
import smtplib
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import OperationalError

from education.actions import approve, submit_for_review, withdraw
from education.models import Clinician, ReviewDigest, Revision
from education.reminders import week_of
from gutskin.mail.models import Notification
from tests.education.factories import make_article, make_published_article, make_reviewer, make_user
from tests.waiting_mail import has_waited

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = MONDAY.date()


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana():
    return make_user("ana", email="ana@clinic.example")


@pytest.fixture
def rosa():
    return make_reviewer(email="rosa@clinic.example")


def page(ana, rosa, slug="atopic-dermatitis", due=TODAY, **values):
    """Written by Ana, approved by Rosa, due for review on this day."""
    revision = approve(submit_for_review(make_article(slug, **values), by=ana), by=rosa)
    Revision.objects.filter(pk=revision.pk).update(next_review_due=due)
    return revision.article


def send(*arguments):
    """The output of the command, and the recipients to whom the mail worker then sent mail."""
    mail.outbox.clear()
    out = StringIO()
    call_command("send_review_reminders", *arguments, stdout=out, stderr=out)
    call_command("send_mail_queue", stdout=StringIO())
    return out.getvalue(), [message.to[0] for message in mail.outbox]


def test_reviewer_and_author_each_get_one_mail(clock, ana, rosa):
    page(ana, rosa, "acne", title="Acne", due=TODAY + timedelta(days=3))
    page(ana, rosa, "rosacea", title="Rosacea", due=TODAY - timedelta(days=3))

    said, to = send()

    assert said == "2 reminders queued.\n"
    assert sorted(to) == ["ana@clinic.example", "rosa@clinic.example"]
    assert mail.outbox[0].subject == "1 page is past its review date"


@pytest.mark.parametrize(("days", "told"), [(91, 0), (90, 2), (89, 2), (0, 2), (-1, 2), (-400, 2)])
def test_reminders_start_ninety_days_before_and_go_on_until_reviewed(clock, ana, rosa, days, told):
    page(ana, rosa, due=TODAY + timedelta(days=days))
    assert len(send()[1]) == told


def test_each_person_gets_one_reminder_per_week(clock, ana, rosa):
    page(ana, rosa)
    assert len(send()[1]) == 2
    assert send() == ("0 reminders queued.\n", [])
    for _day in range(6):
        clock.shift(timedelta(days=1))
        assert send()[1] == []
    # Sunday was the last of them.
    clock.shift(timedelta(days=1))
    assert len(send()[1]) == 2


def test_a_missed_run_is_made_up_for_in_the_same_week(clock, ana, rosa):
    page(ana, rosa, due=TODAY + timedelta(days=90))
    clock.shift(timedelta(days=4))
    assert len(send()[1]) == 2
    clock.shift(timedelta(days=3))
    assert len(send()[1]) == 2
    # A whole week without a run, and no mail is sent for it afterwards.
    clock.shift(timedelta(days=14))
    assert len(send()[1]) == 2
    assert send()[1] == []
    assert ReviewDigest.objects.filter(user=ana).count() == 3


def test_weeks_follow_iso_across_new_year(clock, ana, rosa):
    assert week_of(date(2027, 1, 3)) == week_of(date(2026, 12, 28)) == date(2026, 12, 28)
    page(ana, rosa)
    clock.move_to(datetime(2026, 12, 31, 9, tzinfo=UTC))
    assert len(send()[1]) == 2
    clock.move_to(datetime(2027, 1, 2, 9, tzinfo=UTC))
    assert send()[1] == []


def test_a_page_reviewed_again_is_left_out(clock, ana, rosa):
    article = page(ana, rosa)
    send()
    clock.shift(timedelta(days=7))
    approve(submit_for_review(article, by=ana), by=rosa)
    assert send()[1] == []


def test_withdrawn_and_unreviewed_pages_remind_no_one(clock, ana, rosa):
    withdraw(page(ana, rosa), by=ana, reason="Old.")
    make_article("acne")
    unsigned = page(ana, rosa, "rosacea")
    Revision.objects.filter(article=unsigned).update(reviewer=None, last_reviewed=None, next_review_due=None)
    assert send()[1] == []


def test_the_most_overdue_come_first_each_with_date_and_link(clock, ana, rosa):
    soon = page(ana, rosa, "acne", title="Acne & <gut>", due=date(2026, 12, 1))
    page(ana, rosa, "rosacea", title="Rosacea", due=date(2026, 11, 1))
    page(ana, rosa, "psoriasis", title="Psoriasis", due=date(2025, 11, 1))
    send()
    text, html = mail.outbox[0].body, mail.outbox[0].alternatives[0].content
    titles = ["Psoriasis", "Rosacea", "Acne & <gut>"]
    assert sorted(titles, key=text.index) == titles
    assert "Rosacea: was due on 1 November 2026" in text
    assert "Acne & <gut>: due on 1 December 2026" in text
    assert f"https://gutskin.example/admin/education/article/{soon.pk}/change/" in text
    assert f'href="https://gutskin.example/admin/education/article/{soon.pk}/change/"' in html
    assert "Acne &amp; &lt;gut&gt;" in html
    assert re.findall(r'(?:href="|\s)(?!https://gutskin\.example)\w+://', text + html) == []


def test_an_author_and_reviewer_of_different_pages_gets_one_mail(clock, ana, rosa):
    page(ana, rosa, "acne", title="Acne")
    page(rosa, make_reviewer("ruth", "Ruth Okafor"), "rosacea", title="Rosacea")
    assert sorted(send()[1]) == ["ana@clinic.example", "rosa@clinic.example"]
    [hers] = [message for message in mail.outbox if message.to == ["rosa@clinic.example"]]
    assert {"Acne", "Rosacea"} <= set(re.findall(r"^- (\w+)", hers.body, re.M))


def test_inactive_users_and_users_without_address_are_left_out(clock, ana, rosa):
    page(ana, rosa)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert send()[1] == ["rosa@clinic.example"]


def test_when_both_have_left_all_clinical_reviewers_are_reminded(clock, ana, rosa):
    page(ana, rosa)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    Clinician.objects.update(user=None)
    group = Group.objects.get(name="Clinical reviewer")
    for name, values in {
        "ruth": {"email": "ruth@clinic.example"},
        "omar": {"email": "omar@clinic.example"},
        "gone": {"email": "gone@clinic.example", "is_active": False},
        "mute": {},
    }.items():
        make_user(name, **values).groups.add(group)
    assert sorted(send()[1]) == ["omar@clinic.example", "ruth@clinic.example"]


def test_a_page_with_no_one_to_remind_is_reported(clock):
    make_published_article(title="Eczema")
    Revision.objects.update(next_review_due=TODAY)
    said, to = send()
    assert to == []
    assert "No one with an e-mail address can be reminded of “Eczema”." in said


def test_a_dry_run_lists_recipients_and_sends_nothing(clock, ana, rosa):
    page(ana, rosa, title="Eczema", due=date(2026, 12, 1))
    said, to = send("--dry-run")
    assert to == []
    assert said.splitlines() == [
        "rosa <rosa@clinic.example>",
        "  2026-12-01 Eczema",
        "ana <ana@clinic.example>",
        "  2026-12-01 Eczema",
        "Dry run: nothing was sent.",
    ]
    assert not ReviewDigest.objects.exists()
    send()
    assert send("--dry-run")[0] == "Dry run: nothing was sent.\n"


def test_a_mail_that_fails_is_tried_again_with_the_same_message_id(clock, ana, rosa, settings):
    page(ana, rosa)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.OneIsRefused"
    with pytest.raises(CommandError, match="tried again later"):
        send()
    assert [message.to for message in mail.outbox] == [["ana@clinic.example"]]
    (waiting,) = Notification.objects.undelivered()

    settings.EMAIL_BACKEND = working
    has_waited(minutes=1)
    assert send() == ("0 reminders queued.\n", ["rosa@clinic.example"])
    assert mail.outbox[0].extra_headers["Message-ID"] == waiting.message_id
    assert send()[1] == []


class OneIsRefused(EmailBackend):
    def send_messages(self, messages):
        if messages[0].to == ["rosa@clinic.example"]:
            raise smtplib.SMTPServerDisconnected("gone")
        return super().send_messages(messages)


def test_a_reminder_and_its_mail_are_stored_in_one_transaction(clock, ana, rosa, monkeypatch):
    page(ana, rosa)

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch, pytest.raises(OperationalError):
        patch.setattr("education.reminders.queue_mail", full)
        send()
    assert not ReviewDigest.objects.exists()
    assert len(send()[1]) == 2


def test_a_reminder_of_pages_that_have_all_been_withdrawn_is_not_sent(clock, ana, rosa):
    article = page(ana, rosa)
    call_command("send_review_reminders", stdout=StringIO())
    withdraw(article, by=ana, reason="Old.")
    call_command("send_mail_queue", stdout=StringIO())
    assert mail.outbox == []
    assert not Notification.objects.exists()


def dry_run():
    call_command("send_review_reminders", "--dry-run", stdout=StringIO())


def test_the_number_of_queries_does_not_grow_with_the_pages(clock, ana, rosa, django_assert_num_queries):
    for number in range(3):
        page(ana, rosa, f"topic-{number}")
    with django_assert_num_queries(3):
        dry_run()
    for number in range(3, 12):
        page(ana, rosa, f"topic-{number}")
    with django_assert_num_queries(3):
        dry_run()
