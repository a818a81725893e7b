"""A site as an operator runs it, in processes of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg

from tests import production
from tests.faults.patient import Patient
from tests.production import ROOT


class Site:
    """Its processes, its port, and a count of the statuses of all answers. `database` is a file or a URL."""

    def __init__(self, folder: Path, database: Path | str, **changes):
        self.folder, self.database = folder, database
        self.statuses, self._lock = {}, threading.Lock()
        self.numbers = iter(range(1, 1 << 24))
        self.port = production.free_port()
        url = f"sqlite:///{database}" if isinstance(database, Path) else database
        defaults = {"HOST": "127.0.0.1", "PORT": str(self.port), "WEB_CONCURRENCY": "2", "DATABASE_URL": url}
        self.env = production.environment(folder, **defaults | changes)
        # Port and certificate of a proxy in front, through which patients come then.
        self.proxy = ()
        self.web, self.workers, self.before_start = None, [], ""

    def saw(self, status):
        with self._lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1

    @property
    def answers_of_500(self):
        return self.statuses.get(500, 0)

    def prepare(self):
        prepared = production.run(*production.PREPARE, env=self.env)
        assert prepared.returncode == 0, prepared.stderr

    def start(self):
        self.web = self._process("web")
        deadline = time.monotonic() + production.MAX_WAIT
        while time.monotonic() < deadline:
            try:
                if Patient(self).ask("/healthz").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("The web process did not start.")

    def start_worker(self):
        """The mail worker of the Procfile, with five rounds a second."""
        worker = self._process("mail", " --pause 0.2")
        self.workers.append(worker)
        return worker

    def stop(self):
        for process in [*self.workers, self.web]:
            if process and process.poll() is None:
                process.terminate()
                process.wait(timeout=30)
        self.workers, self.web = [], None

    def web_workers(self) -> list[int]:
        """Process ids of gunicorn's workers: the children of the one we started, the oldest first."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def decoders(self) -> list[int]:
        """Process ids of what the workers have started: decoders of photos, ended ones included."""
        tasks = [task for pid in self.web_workers() for task in Path(f"/proc/{pid}/task").iterdir()]
        return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]

    def kill_a_worker(self) -> bool:
        for pid in self.web_workers()[:1]:
            os.kill(pid, signal.SIGKILL)
            return True
        return False

    def sql(self, statement: str) -> list[tuple]:
        """Runs SQL in its database, past the site: for reading what the site does not show, and for breaking it."""
        if isinstance(self.database, Path):
            with sqlite3.connect(self.database, timeout=10) as connection:
                rows = connection.execute(statement).fetchall()
            connection.close()
            return rows
        with psycopg.connect(self.database, autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []

    def _process(self, name, more=""):
        [line] = [line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith(f"{name}: ")]
        # The interpreter of this run, whatever `python` is on this machine.
        command = line.removeprefix(f"{name}: ").replace("exec python", f"exec {sys.executable}") + more
        command = self.before_start + command
        with (self.folder / f"{name}.log").open("a") as log:
            return subprocess.Popen(["/bin/sh", "-c", command], cwd=ROOT, env=self.env, stderr=log, stdout=log)  # noqa: S603  our own commands
