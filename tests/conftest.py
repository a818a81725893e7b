"""What holds for every test: it reaches nothing outside this machine."""

import gc
import ipaddress
import socket
import sqlite3
from pathlib import Path

import _pytest.runner
import django.test.client
import pytest
from django.conf import settings as django_settings
from django.contrib.auth import user_logged_in
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import settings

from tests.examples import examples
from tests.staff_session import with_both_factors
from tests.stored_rows import put_back, stored_rows

OWN_SUITES = {Path(__file__).parent / name: f"not {name}" for name in ("browser", "servers")}

# The same examples each time, however slow the machine: a red run can be run again.
settings.register_profile("steady", derandomize=True, deadline=None, max_examples=examples(100))
settings.load_profile("steady")


def pytest_ignore_collect(collection_path, config):
    """Suites that are not wanted are not imported: Playwright, which the browser tests need, takes a second."""
    if (unwanted := OWN_SUITES.get(collection_path)) and unwanted in config.option.markexpr:
        return True
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """Django, the tests and their parameters live as long as the process: the garbage collector need not visit them.

    A twentieth of the CPU time of the suite was spent on that.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def _protocol_with_room(item, log=True, nextitem=None, run=_pytest.runner.runtestprotocol):
    return run(item, log=log, nextitem=nextitem)


# CPython keeps the frames of calls in chunks of 16 KB and maps or unmaps memory whenever calls cross the end of one:
# thousands of times in a test that opens pages, an eighth of its time. A chunk is as large as its first frame needs,
# rounded up to a power of two. This frame asks for 560 KB, gets 1 MB, and the frames of the test have room in the rest.
_protocol_with_room.__code__ = _protocol_with_room.__code__.replace(co_stacksize=70_000)
_pytest.runner.runtestprotocol = _protocol_with_room


def _is_here(address) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = address[0]
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """A test that would leave the machine fails with the address it wanted."""
    connect = socket.socket.connect

    def connect_here(self, address):
        if not _is_here(address):
            raise RuntimeError(f"A test wanted to connect to {address}.")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session", autouse=True)
def logged_in_with_both_factors():
    """`client.force_login(user)` leaves the session of somebody who used password and second factor just now."""
    force_login = Client.force_login

    def use_both(sender, request, user, **kwargs):
        with_both_factors(request.session, user)

    def through_the_gate(self, user, backend=None):
        # Before the session is stored, so that it need not be read and stored once more.
        user_logged_in.connect(use_both)
        try:
            force_login(self, user, backend or django_settings.AUTHENTICATION_BACKENDS[-1])
        finally:
            user_logged_in.disconnect(use_both)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", through_the_gate)
        yield


@pytest.fixture(scope="session", autouse=True)
def only_the_context_of_the_page(django_test_environment):
    """`response.context` is that of the page itself: Django's client copies the one of each included template as well.

    A request form has two hundred of them, and the copies were a twentieth of the time of a test that opens pages.
    """
    store_rendered_templates = django.test.client.store_rendered_templates

    def store_the_first(store, *args, **kwargs):
        if "context" not in store:
            store_rendered_templates(store, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django.test.client, "store_rendered_templates", store_the_first)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test with transactions of its own ends by emptying all tables. Here what the migrations put in comes back:

    the tests may run in any order, and pytest-xdist decides it.
    """
    with django_db_blocker.unblock():
        migrated = stored_rows()

    # Django's own way empties the tables and creates permissions and content types again, only for us to delete them.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: put_back(migrated))
        yield


@pytest.fixture(scope="session", autouse=True)
def photo_decoders(tmp_path_factory):
    """Places for decoders of its own for each process: tests that run at the same time do not take each other's.

    And time enough on a machine that runs many tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "PHOTO_LOCKS_DIR", tmp_path_factory.mktemp("photo-locks"))
        patch.setattr("gutskin.limits.PHOTO_SECONDS", 100)
        patch.setattr("gutskin.limits.PHOTO_SECONDS_PER_FORM", 1000)
        yield


@pytest.fixture
def petra(client):
    """The privacy lead, logged in."""
    # Not at the top: the factories import models.
    from tests.consultations.factories import a_privacy_lead

    user = a_privacy_lead()
    client.force_login(user)
    return user


@pytest.fixture
def file_database(transactional_db, tmp_path):
    """Threads and other processes at one database. In memory, SQLite knows no waiting for a lock; in a file it does."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield Path(str(connection.settings_dict["NAME"]))
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    path = tmp_path / "site.sqlite3"
    with sqlite3.connect(path) as copy:
        in_memory.backup(copy)
        # Like the database of a real site. Changing the mode takes the whole file and does not wait for others, so if
        # several threads did it as they connect, some would fail with "database is locked".
        copy.execute("PRAGMA journal_mode=WAL")
    copy.close()
    connection.connection = None
    connection.settings_dict["NAME"] = str(path)
    yield path
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.connection = in_memory
