"""The service as docs/operators.md describes it: two machines behind nginx, with what they need."""

import os
import signal
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from tests import production, proxy
from tests.drill.backing_services import BackingServices
from tests.drill.machine import Machine
from tests.faults.lab import wait_for


class Stack:
    """Two machines and nginx, on leaving stopped. `variables` are shared, and count from the next start on."""

    def __init__(self, folder: Path, services: BackingServices, variables: dict, root: Path = production.ROOT):
        self.folder, self.services, self.variables = folder, services, variables
        self.machines = [Machine(folder / name, variables, root) for name in ("one", "two")]
        # What tests/faults/patient.py wants of a site.
        self.proxy, self.numbers = (), _Numbers()
        self._open = ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for machine in self.machines:
            machine.end()
        self._open.close()

    @property
    def env(self):
        return self.machines[0].env

    def saw(self, status):
        """Visitors count for themselves (load.py)."""

    def start_nginx(self):
        """docs/deploy/nginx.conf with both machines, and the static files of the first one."""
        one, two = (f"server 127.0.0.1:{machine.port} max_fails=0;" for machine in self.machines)
        (self.nginx_folder / "www").mkdir(parents=True)
        (self.nginx_folder / "www" / "static").symlink_to(self.machines[0].folder / "static")
        proxying = proxy.proxying(self.nginx_folder, self.machines[0].port, machines=(one, f"{one}\n    {two}"))
        self.proxy = self._open.enter_context(proxying)

    @property
    def nginx_folder(self):
        return self.folder / "nginx"

    def reload_nginx(self):
        """`nginx -s reload`. Returns when the workers are new ones."""
        pid = int((self.nginx_folder / "nginx.pid").read_text())
        before = _children(pid)
        os.kill(pid, signal.SIGHUP)
        assert wait_for(lambda: before.isdisjoint(_children(pid)), 90), "nginx did not replace its workers."

    def until_green(self) -> float:
        """Seconds until every machine may be given visitors again."""
        began = time.monotonic()
        for machine in self.machines:
            machine.wait_until_ready()
        return time.monotonic() - began


class _Numbers:
    """Counts visitors, for threads."""

    def __init__(self):
        self._next, self._lock = 0, threading.Lock()

    def __next__(self):
        with self._lock:
            self._next += 1
            return self._next


def _children(pid):
    # A worker that was told to stop finishes its visitors first.
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
