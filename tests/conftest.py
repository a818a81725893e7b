"""What holds for every test: it reaches nothing outside this machine."""

import ipaddress
import socket
import sqlite3
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import settings

from tests import production

# The same examples each time, however slow the machine: a red run can be run again.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


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


@pytest.fixture(scope="session")
def production_site(tmp_path_factory):
    """host:port of a web process started as in production, with the project's content."""
    with production.started(tmp_path_factory.mktemp("production")) as address:
        yield address


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
    copy.close()
    connection.connection = None
    connection.settings_dict["NAME"] = str(path)
    yield path
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.connection = in_memory
