"""Two colleagues and one request at the same moment: threads, on a database in a file."""

import threading
import uuid

import pytest
from django.db import transaction

from consultations import actions
from consultations.actions import staff_actions
from consultations.models import Inquiry, Message, Presence, StoryAccess
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.at_once import together
from tests.consultations.factories import a_clinician, a_superuser, an_inquiry

# A transactional test empties the tables, and the roles with them, which the migrations created.
pytestmark = pytest.mark.usefixtures("django_db_serialized_rollback")


def test_the_second_of_two_replies_at_once_is_told_of_the_first(file_database):
    inquiry, colleagues = an_inquiry(), [a_clinician("david"), a_clinician("maria")]

    def reply(number):
        mine = Inquiry.objects.get(pk=inquiry.pk)
        return actions.reply(mine, text=f"Reply {number}", key=uuid.uuid4(), by=colleagues[number], seen=0)

    results = together(2, reply)

    assert {type(result) for result in results} == {Message, actions.ConversationChanged}
    assert Message.objects.count() == 1
    assert Notification.objects.filter(kind="reply_notice").count() == 1


def test_a_reply_sent_twice_at_once_is_stored_once(file_database):
    inquiry, david, key = an_inquiry(), a_clinician(), uuid.uuid4()

    results = together(
        4, lambda number: actions.reply(Inquiry.objects.get(), text="Hello.", key=key, by=david, seen=0).pk
    )

    assert len(set(results)) == 1
    assert Message.objects.get().inquiry == inquiry


def test_only_one_of_two_merges_into_each_other_is_done(file_database):
    pair, david = [an_inquiry(), an_inquiry()], a_clinician()

    def merge(number):
        mine, other = (Inquiry.objects.get(pk=each.pk) for each in (pair[number], pair[1 - number]))
        return actions.merge(mine, into=other, by=david)

    results = together(2, merge)

    assert sum(result == [] for result in results) == 1
    assert [type(result) for result in results if result] in ([actions.StepNotAllowed], [actions.CannotBeMerged])
    assert Inquiry.objects.filter(closed_at__isnull=True).count() == 1


def test_breaking_the_glass_twice_at_once_counts_once(file_database):
    an_inquiry()
    root = a_superuser()

    together(2, lambda number: actions.open_story(Inquiry.objects.get(), reason="fault", by=root).pk)

    assert StoryAccess.objects.count() == 1
    assert AuditEvent.objects.filter(action="glass_broken").count() == 1


def test_opening_a_request_twice_at_once_is_one_presence(file_database):
    inquiry, david = an_inquiry(), a_clinician()

    results = together(4, lambda number: actions.record_presence(inquiry, by=david))

    assert results == [None] * 4
    assert Presence.objects.count() == 1


def test_a_note_and_a_status_change_lock_in_the_same_order(file_database, monkeypatch):
    """PostgreSQL would check the note's foreign key when the transaction ends, after the audit log has been locked."""
    inquiry, colleagues = an_inquiry(), [a_clinician("david"), a_clinician("maria")]
    is_locked, has_told = threading.Event(), threading.Event()

    def tell(*args, **kwargs):
        record(*args, **kwargs)
        has_told.set()

    def step():
        with transaction.atomic():
            staff_actions.lock(Inquiry.objects.get(pk=inquiry.pk))
            is_locked.set()
            # The other thread records before this one, or waits for it.
            has_told.wait(timeout=0.5)
            record(AuditEvent.Action.STATUS_CHANGED, by=colleagues[0], reference=inquiry.reference)

    def note():
        is_locked.wait(timeout=5)
        actions.add_note(Inquiry.objects.get(pk=inquiry.pk), text="She called.", by=colleagues[1])

    monkeypatch.setattr(staff_actions, "record", tell)
    assert together(2, lambda number: (step, note)[number]()) == [None, None]
