import sqlite3
from pathlib import Path

import pytest
from django.db import connection


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
