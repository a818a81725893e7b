import sqlite3
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consultations import actions
from consultations.models import (
    Attachment,
    Consent,
    Inquiry,
    Message,
    MessageRedFlags,
    Note,
    Presence,
    PurgeCertificate,
    RedFlagResult,
    StatusPass,
    StoryAccess,
)
from consultations.red_flags import find_red_flags_in
from consultations.retention import empty_sqlite_journal, erase_inquiry
from gutskin.audit.hash_chain import broken_links, record
from gutskin.audit.models import AuditEvent
from gutskin.drafts.models import Draft
from gutskin.drafts.saving import PageKey, save_drafts
from gutskin.mail.models import Notification
from tests.consultations.factories import a_coordinator, a_stored_photo, a_user, an_inquiry

HANGS_ON_IT = [
    Attachment,
    Consent,
    Draft,
    Message,
    Note,
    Notification,
    Presence,
    RedFlagResult,
    StatusPass,
    StoryAccess,
]
HANGS_ON_IT += [MessageRedFlags]  # by way of its message


def a_full_one():
    """A request with at least one row of every related model."""
    inquiry, david = an_inquiry(), a_user("david")
    of_david = {"is_from_patient": False, "author": david}
    Message.objects.create(inquiry=inquiry, idempotency_key=uuid.uuid4(), text="Bread is rarely the cause.", **of_david)
    signs = find_red_flags_in("My tongue is swollen.")
    actions.receive_message(inquiry, text="Thank you kindly.", key=uuid.uuid4(), signs=signs)
    Note.objects.create(inquiry=inquiry, author=david, text="Ask about the whey.")
    record(AuditEvent.Action.STATUS_CHANGED, by=david, reference=inquiry.reference, detail="new → in_triage")
    actions.begin_visit(inquiry, "code")
    a_stored_photo(inquiry)
    a_stored_photo(draft_key=inquiry.idempotency_key)
    now = timezone.now()
    RedFlagResult.objects.create(inquiry=inquiry, rules="blood", version="1", acknowledged_at=now)
    ends_at = now + timedelta(hours=1)
    StoryAccess.objects.create(inquiry=inquiry, user=david, reason="other", explanation="He rang.", ends_at=ends_at)
    Presence.objects.create(inquiry=inquiry, user=david)
    save_drafts(david, inquiry, {"reply": {"text": ["Milk is rarely the cause."]}}, key=PageKey())
    return inquiry


@pytest.mark.django_db
def test_every_model_related_to_a_request_is_in_this_test():
    relations = {field.related_model for field in Inquiry._meta.related_objects} - {Inquiry}
    relations |= {field.related_model for field in Inquiry._meta.private_fields}
    relations |= {field.related_model for field in Message._meta.related_objects}

    assert relations == set(HANGS_ON_IT)


@pytest.mark.django_db
def test_a_request_is_erased_with_all_related_rows_and_another_stays_complete():
    inquiry = a_full_one()
    other = an_inquiry()
    a_stored_photo(other)
    before = {model: model.objects.count() for model in HANGS_ON_IT}
    of_other = {Attachment: 1, Consent: 1, Notification: 2}

    counts = erase_inquiry(inquiry, by="patient", cause="patient")

    assert list(Inquiry.objects.all()) == [other]
    assert {model: model.objects.count() for model in HANGS_ON_IT} == {m: of_other.get(m, 0) for m in HANGS_ON_IT}
    gone = {model.__name__: before[model] - of_other.get(model, 0) for model in HANGS_ON_IT}
    assert {name: counts[name] for name in gone} == gone
    assert counts["Inquiry"] == 1


@pytest.mark.django_db
def test_the_certificate_contains_only_counts_and_the_reference():
    inquiry = a_full_one()
    counts = erase_inquiry(inquiry, by="patient", cause="patient")
    certificate = PurgeCertificate.objects.get()

    assert (certificate.cause, certificate.references) == ("patient", [inquiry.reference])
    assert certificate.counts == dict(counts)


@pytest.mark.django_db
@pytest.mark.parametrize("cause, action", [("patient", "erased"), ("retention", "purged")])
def test_audit_events_lose_their_details_and_the_hash_chain_verifies(cause, action):
    inquiry = a_full_one()
    events = AuditEvent.objects.about(inquiry.reference)
    before = events.count()
    assert events.exclude(detail="").exists()

    erase_inquiry(inquiry, by="patient", cause=cause)

    assert events.count() == before + 1
    assert not events.exclude(detail="").exists()
    assert events.first().action == action
    assert list(broken_links()) == []


@pytest.mark.django_db
def test_a_request_that_was_merged_into_it_stays():
    inquiry, other = an_inquiry(), an_inquiry()
    actions.merge(other, into=inquiry, by=a_coordinator())
    erase_inquiry(inquiry, by="patient", cause="patient")

    other = Inquiry.objects.get()
    assert (other.merged_into, other.status) == (None, "closed")


def encrypted_texts(inquiry):
    """Every encrypted text of the request, as ciphertext and as plain text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, question FROM consultations_inquiry WHERE id = %s", [inquiry.pk])
        found = list(cursor.fetchone())
        for table, column in (("message", "text"), ("note", "text"), ("storyaccess", "explanation")):
            cursor.execute(f"SELECT {column} FROM consultations_{table} WHERE inquiry_id = %s", [inquiry.pk])  # noqa: S608  names of ours
            found += [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT content FROM drafts_draft")
        found += [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT content FROM consultations_attachment")
        found += [bytes(row[0]) for row in cursor.fetchall()]
    return [text if isinstance(text, bytes) else text.encode() for text in found]


def test_no_text_is_left_in_the_database_files(file_database):
    if connection.vendor != "sqlite":
        # PostgreSQL manages its own files; docs/operators.md says what its log and backups still contain.
        assert empty_sqlite_journal()
        return
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA secure_delete=ON")
    inquiry = a_full_one()
    needles = [*encrypted_texts(inquiry), b"Amina", b"Thank you kindly", b"rash on an elbow"]
    # Write it to the database file, not only to the journal.
    empty_sqlite_journal()
    assert sum(needle in file_database.read_bytes() for needle in needles) >= 6

    actions.erase(inquiry)

    files = [path for path in file_database.parent.iterdir() if path.name.startswith(file_database.name)]
    assert file_database in files
    held = b"".join(path.read_bytes() for path in files)
    assert [needle[:40] for needle in needles if needle in held] == []
    with sqlite3.connect(file_database) as whole:
        assert whole.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    whole.close()


def test_a_reader_that_still_needs_the_journal_does_not_stop_erasure(file_database, monkeypatch):
    if connection.vendor != "sqlite":
        assert empty_sqlite_journal()
        return
    inquiry = a_full_one()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA busy_timeout=50")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    reader = sqlite3.connect(file_database, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM consultations_inquiry").fetchone()

    actions.erase(inquiry)

    assert not Inquiry.objects.exists()
    assert not empty_sqlite_journal()
    reader.close()
    assert empty_sqlite_journal()
