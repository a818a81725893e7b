"""Where faults are injected: a folder, one kind of database, and a fresh site for each fault."""

import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path

from tests.faults.mail_server import MailServer
from tests.faults.postgres import Cluster
from tests.faults.site import Site


class Lab:
    """`cluster` is None on SQLite. Sites are copies of one prepared site; their folders stay for the last scan."""

    def __init__(self, folder: Path, cluster: Cluster | None = None, *, share: float = 1):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.cluster, self.share = folder, cluster, share
        self.sites, self.mail_servers = [], []
        self.template = Site(self._folder("template"), self._database("template"))
        if cluster:
            cluster.create("template")
        self.template.prepare()

    @property
    def kind(self):
        return "PostgreSQL" if self.cluster else "SQLite"

    def number(self, full: int) -> int:
        """How many of something this run makes: all of them, or a share for a quick try."""
        return max(2, round(full * self.share))

    @contextmanager
    def site(self, name: str, *, start=True, database=None, **changes):
        """A fresh site with the content, started; stopped at the end."""
        folder = self._folder(name)
        (folder / "static").symlink_to(self.template.folder / "static")
        site = Site(folder, database or self.copy_of_database(name), **changes)
        self.sites.append(site)
        try:
            if start:
                site.start()
            yield site
        finally:
            site.stop()

    def mail_server(self) -> MailServer:
        server = MailServer()
        self.mail_servers.append(server)
        return server

    def copy_of_database(self, name: str):
        target = self._database(name)
        if self.cluster:
            self.cluster.create(name, template="template")
        else:
            copy_sqlite(self.template.database, target)
        return target

    def _database(self, name):
        return self.cluster.url(name) if self.cluster else self.folder / name / "gutskin.sqlite3"

    def _folder(self, name):
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def copy_sqlite(source: Path, target: Path) -> None:
    """A copy without a journal, whatever the source has."""
    before = sqlite3.connect(source)
    after = sqlite3.connect(target)
    with after:
        before.backup(after)
    after.execute("PRAGMA journal_mode=WAL")
    before.close()
    after.close()


def wait_for(condition, seconds, pause=0.1):
    """Waits until `condition()` is true. False if it is not within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(pause)
    return False
