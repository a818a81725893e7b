import uuid
from datetime import timedelta
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from consultations import actions, retention
from consultations.models import Attachment, Inquiry, LinkRequest, PurgeCertificate, StatusPass
from gutskin.accounts.models import FactorReset, LoginCount
from gutskin.audit.hash_chain import broken_links
from gutskin.audit.models import AuditEvent
from gutskin.mail.management.commands.send_mail_queue import Command
from gutskin.mail.models import Notification
from tests.consultations.factories import ANSWERS, a_clinician, a_coordinator, a_stored_photo, an_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_for_a_year(settings):
    settings.RETENTION_DAYS = 365


def over_since(days, status="closed", **answers):
    inquiry = an_inquiry(**answers)
    Inquiry.objects.filter(pk=inquiry.pk).update(status=status, closed_at=timezone.now() - timedelta(days=days))
    return inquiry


def run(**options):
    output = StringIO()
    call_command("purge_inquiries", stdout=output, stderr=StringIO(), **options)
    return output.getvalue()


@pytest.mark.parametrize("status", ["closed", "withdrawn", "spam"])
def test_requests_over_for_long_enough_are_erased(status):
    old, recent, open_ = over_since(366, status), over_since(364, status), an_inquiry()
    run()

    assert set(Inquiry.objects.all()) == {recent, open_}
    assert old.reference in PurgeCertificate.objects.get().references


def test_a_legal_hold_prevents_erasure():
    inquiry = over_since(1000)
    Inquiry.objects.update(held_at=timezone.now())
    run()

    assert Inquiry.objects.get() == inquiry


def test_related_rows_are_erased_too_and_the_audit_log_verifies():
    inquiry = an_inquiry()
    actions.receive_message(inquiry, text="Any news?", key=uuid.uuid4())
    actions.change_status(inquiry, to="spam", by=a_coordinator())
    actions.begin_visit(inquiry, "code")
    a_stored_photo(inquiry)
    Inquiry.objects.update(closed_at=timezone.now() - timedelta(days=400))

    output = run()

    for line in ("Inquiry: 1", "Message: 1", "Attachment: 1", "StatusPass: 1", "AuditEvent detail: 2"):
        assert line in output
    assert not AuditEvent.objects.exclude(detail="").exists()
    assert list(broken_links()) == []
    assert AuditEvent.objects.first().action == "purged"


def test_a_dry_run_prints_the_counts_and_changes_nothing():
    over_since(400)
    over_since(400, "spam")
    before = AuditEvent.objects.count()

    dry = run(dry_run=True)
    assert (Inquiry.objects.count(), AuditEvent.objects.count(), PurgeCertificate.objects.count()) == (2, before, 0)
    assert run() == dry.replace("would be erased", "erased")
    assert not Inquiry.objects.exists()


def test_expired_rows_are_deleted_too():
    inquiry = an_inquiry()
    long_ago = timezone.now() - timedelta(days=40)
    Notification.objects.filter(kind="receipt").update(delivered_at=long_ago)
    StatusPass.objects.issue(inquiry, "visit")
    StatusPass.objects.update(created_at=long_ago, ends_at=long_ago)
    for hours in (25, 23):
        a_stored_photo(draft_key=uuid.uuid4(), added_at=timezone.now() - timedelta(hours=hours))
    run()

    assert Inquiry.objects.exists()
    assert [mail.kind for mail in Notification.objects.all()] == ["intake_notice"]
    assert (StatusPass.objects.count(), Attachment.objects.count()) == (0, 1)


def test_a_refused_mail_stays_while_its_request_is_open():
    """The page of the request warns that the patient cannot be reached by mail."""
    waits, over = an_inquiry(), over_since(1)
    Notification.objects.filter(kind="receipt").update(refused_at=timezone.now() - timedelta(days=40))
    assert set(Notification.objects.filter(kind="receipt").values_list("about_id", flat=True)) == {waits.pk, over.pk}
    run()

    assert Notification.objects.get(kind="receipt").about == waits


def some_days_ago(days):
    return timezone.now() - timedelta(days=days)


def traces_of_a_login(name, days_ago, *, kept_for):
    """The rows that a login and failed attempts leave behind; the session lasts `kept_for` more days."""
    at, user = some_days_ago(days_ago), a_clinician(name, team=None)
    Session.objects.create(session_key=name, session_data="", expire_date=at + timedelta(days=kept_for))
    UserSession.objects.create(user=user, session_key=name, ip="192.0.2.1", user_agent="A browser", created_at=at)
    LoginCount.objects.create(key=name, window_start=at, count=1)
    FactorReset.objects.create(user=user, reason="Lost the phone.", asked_by="fiona", asked_at=at)
    tried = {"username": name, "ip_address": "192.0.2.1", "user_agent": name}
    AccessAttempt.objects.create(failures_since_start=1, **tried)
    AccessFailureLog.objects.create(**tried)
    AccessLog.objects.create(**tried)
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        model.objects.filter(username=name).update(attempt_time=at)
    LinkRequest.objects.create(email=f"{name}@example.org", asked_at=at)


def test_traces_of_logins_and_lost_codes_are_deleted_in_time():
    traces_of_a_login("longago", 31, kept_for=1)
    traces_of_a_login("lately", 2, kept_for=1)
    traces_of_a_login("open", 2, kept_for=9)
    traces_of_a_login("now", 0, kept_for=1)
    UserSession.objects.filter(session_key="now").update(session_key="being-made")

    dry = run(dry_run=True)
    assert Session.objects.count() == LinkRequest.objects.count() == 4
    assert run() == dry.replace("would be erased", "erased")

    assert set(Session.objects.values_list("session_key", flat=True)) == {"open", "now"}
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {"open", "being-made"}
    assert [each.email for each in LinkRequest.objects.all()] == ["now@example.org"]
    assert [count.key for count in LoginCount.objects.all()] == ["now"]
    kept_for_a_month = {"lately", "open", "now"}
    assert {reset.user.username for reset in FactorReset.objects.select_related("user")} == kept_for_a_month
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        assert set(model.objects.values_list("username", flat=True)) == kept_for_a_month


def test_a_longer_lockout_is_not_cut_short(settings):
    settings.AXES_COOLOFF_TIME = timedelta(days=60)
    traces_of_a_login("carla", 31, kept_for=1)
    run()

    assert AccessAttempt.objects.exists()


def test_without_retention_days_only_short_lived_rows_are_deleted(settings):
    settings.RETENTION_DAYS = None
    over_since(5000)
    a_stored_photo(draft_key=uuid.uuid4(), added_at=some_days_ago(2))

    output = run()

    assert "No request is purged, because RETENTION_DAYS is not set." in output
    assert "Attachment: 1" in output
    assert Inquiry.objects.exists()
    assert not Attachment.objects.exists()


def test_one_request_that_cannot_be_erased_stops_no_other(monkeypatch):
    stubborn, other = over_since(500), over_since(400)
    erase = retention.erase_inquiry

    def sometimes(inquiry, **options):
        if inquiry.pk == stubborn.pk:
            raise DatabaseError
        return erase(inquiry, **options)

    monkeypatch.setattr(retention, "erase_inquiry", sometimes)
    with pytest.raises(CommandError, match=stubborn.reference):
        run()
    assert Inquiry.objects.get() == stubborn
    assert other.reference in str(PurgeCertificate.objects.get().references)


def test_a_request_reopened_during_the_purge_stays(monkeypatch):
    over_since(400)
    due = retention.due_for_purge
    asked = []

    def opened_in_between():
        if asked:
            Inquiry.objects.update(status="in_triage", closed_at=None)
        asked.append(True)
        return due()

    monkeypatch.setattr(retention, "due_for_purge", opened_in_between)
    run()
    assert Inquiry.objects.exists()


def test_the_mail_worker_purges_once_an_hour(monkeypatch):
    inquiry = over_since(400)
    worker = Command(stdout=StringIO(), stderr=StringIO())
    worker.round()
    assert not Inquiry.objects.filter(pk=inquiry.pk).exists()

    later = over_since(400)
    worker.round()
    assert Inquiry.objects.get() == later
    monkeypatch.setattr(worker, "hourly_jobs_ran_at", worker.hourly_jobs_ran_at - 3601)
    worker.round()
    assert not Inquiry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_text_is_left_in_the_database_files(file_database):
    """On SQLite. PostgreSQL cleans its files up by itself, later, so there only the row is checked."""
    over_since(400)
    with connection.cursor() as cursor:
        cursor.execute("SELECT question, email FROM consultations_inquiry")
        encrypted = cursor.fetchone()
    files = [file_database, file_database.with_name(file_database.name + "-wal")]

    def stored(text):
        if connection.vendor == "sqlite":
            return any(text.encode() in file.read_bytes() for file in files if file.exists())
        return Inquiry.objects.exists()

    assert all(stored(text) for text in encrypted)
    run()
    assert not any(stored(text) for text in [*encrypted, ANSWERS["question"]])
