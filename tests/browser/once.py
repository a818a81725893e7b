"""What the processes of one run make once and share, and what is waited for between two tests."""

import fcntl
import os
import shutil
import sqlite3
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.signals import request_finished, request_started
from django.db import connection

from tests import production


def once(folder, make):
    """Has `make(folder)` fill the folder. If another process of this run does so, waits until it is done."""
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / ".made"
        if not made.exists():
            make(folder)
            made.touch()


@dataclass
class Templates:
    """Databases in files of SQLite, which are copied: migrating and loading the content take seconds, this does not."""

    migrated: Path
    with_content: Path

    @classmethod
    def of_this_run(cls, folder):
        templates = cls(folder / "migrated.sqlite3", folder / "with_content.sqlite3")
        once(folder, lambda _: templates._make())
        return templates

    def _make(self):
        _manage("migrate", self.migrated)
        shutil.copy(self.migrated, self.with_content)
        _manage("load_content", self.with_content)

    def restore(self, template):
        """The database of this process holds what the template holds, and nothing else."""
        connection.ensure_connection()
        with closing(sqlite3.connect(template)) as source:
            source.backup(connection.connection)
        ContentType.objects.clear_cache()


def _manage(command, path):
    """Runs a command with the settings of the tests, on the database in a file, which it leaves without a journal."""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": f"sqlite:///{path}"}
    done = production.run("manage.py", command, env=env)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")


class RequestsInProgress:
    """Counts the requests that the live server is answering."""

    def __init__(self):
        self._changed, self._count = threading.Condition(), 0

    @classmethod
    @contextmanager
    def counted(cls):
        requests = cls()
        request_started.connect(requests._began)
        request_finished.connect(requests._ended)
        try:
            yield requests
        finally:
            request_started.disconnect(requests._began)
            request_finished.disconnect(requests._ended)

    def _began(self, **_):
        with self._changed:
            self._count += 1

    def _ended(self, **_):
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait_for_none(self, patience):
        with self._changed:
            assert self._changed.wait_for(lambda: self._count <= 0, patience), f"{self._count} requests are not over"
