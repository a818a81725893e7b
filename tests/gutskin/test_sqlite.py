"""SQLite has one writer at a time; the others wait for their turn."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from django.db import OperationalError, connection, connections, transaction

from education.models import GlossaryTerm
from tests.education.factories import make_term

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="Only SQLite has one writer at a time.")


@pytest.fixture
def another_writer(file_database):
    """A connection of another process."""
    with closing(sqlite3.connect(file_database, isolation_level=None, check_same_thread=False)) as other:
        yield other


def busy_timeout():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        return cursor.fetchone()[0]


def test_a_transaction_waits_for_the_writer_before_it(another_writer):
    connection.ensure_connection()
    another_writer.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.3, lambda: another_writer.execute("COMMIT"))
    began = time.monotonic()
    end.start()
    with transaction.atomic():
        make_term("sebum")
    assert time.monotonic() - began >= 0.29
    assert GlossaryTerm.objects.filter(slug="sebum").exists()
    assert busy_timeout() == 5000


def test_it_gives_up_after_the_timeout_of_the_settings(another_writer, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", connection.settings_dict["OPTIONS"] | {"timeout": 0.2})
    another_writer.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    assert 0.2 <= time.monotonic() - began < 4
    assert busy_timeout() == 200
    another_writer.execute("ROLLBACK")
    with transaction.atomic():
        make_term("sebum")


def test_an_error_that_is_none_of_waiting_is_raised_at_once(another_writer, monkeypatch):
    connection.ensure_connection()
    began = time.monotonic()
    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "transaction_mode", "NONSENSE")
        with pytest.raises(OperationalError, match="syntax"), transaction.atomic():
            pass
    assert time.monotonic() - began < 4
