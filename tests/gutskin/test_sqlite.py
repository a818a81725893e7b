"""SQLite has one writer at a time; the others wait for their turn."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from django.db import OperationalError, close_old_connections, connection, connections, transaction

from education.models import GlossaryTerm
from gutskin.database_dump import dump_to, load_from
from tests.at_once import together
from tests.education.factories import make_term

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="Only SQLite has one writer at a time.")


@pytest.fixture
def another_writer(file_database):
    """A connection of another process."""
    with closing(sqlite3.connect(file_database, isolation_level=None, check_same_thread=False)) as other:
        yield other


def pragma(name):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


def busy_timeout():
    return pragma("busy_timeout")


def test_a_connection_keeps_few_pages_in_memory(db):
    """Each thread of each worker has one, and it would keep two megabytes."""
    assert pragma("cache_size") == -400


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


@pytest.fixture
def kept_connection(file_database, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 60)
    connection.close()
    connection.ensure_connection()


def after_a_request():
    """The connection that the next request has, of those that this one had."""
    before = connection.connection
    close_old_connections()
    return connection.connection is before


@pytest.mark.usefixtures("kept_connection")
def test_a_connection_is_kept_for_the_next_request():
    assert after_a_request()


@pytest.mark.usefixtures("kept_connection")
def test_a_file_that_was_replaced_is_opened_by_the_next_request(file_database, tmp_path):
    make_term("sebum")
    # As an operator might do it with a copy while the site runs.
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        connection.connection.backup(copy)
        copy.execute("UPDATE education_glossaryterm SET term = 'from the copy'")
        copy.commit()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (tmp_path / "copy").rename(file_database)

    assert not after_a_request()
    assert GlossaryTerm.objects.get(slug="sebum").term == "from the copy"


@pytest.mark.usefixtures("kept_connection")
def test_a_connection_with_an_error_is_not_kept():
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert not after_a_request()


@pytest.mark.usefixtures("kept_connection")
def test_a_connection_that_waited_for_its_turn_is_kept(another_writer):
    another_writer.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.1, lambda: another_writer.execute("COMMIT"))
    end.start()
    with transaction.atomic():
        make_term("sebum")
    assert after_a_request()


@pytest.mark.usefixtures("kept_connection")
def test_a_restore_is_seen_by_connections_that_are_kept(file_database, tmp_path):
    make_term("sebum")
    dump_to(tmp_path / "dump")
    GlossaryTerm.objects.all().delete()
    # The connection of another process restores.
    together(1, lambda _number: load_from(tmp_path / "dump"))

    assert after_a_request()
    assert GlossaryTerm.objects.filter(slug="sebum").exists()
