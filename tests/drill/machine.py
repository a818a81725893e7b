"""One machine of the service: its three processes, started as the guide says for a service manager."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests import production, proxy
from tests.faults.lab import wait_for

PROCESSES = ("web", "mail", "scheduler")
# What the guide gives a unit of a service manager (TimeoutStopSec).
STOP_WITHIN = 70


class Machine:
    """`variables` are those of the whole service, `root` is the program; folder and port are the machine's own."""

    def __init__(self, folder: Path, variables: dict, root: Path = production.ROOT):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.root, self.port = folder, root, production.free_port()
        self.variables, self.processes = variables, {}

    @property
    def env(self):
        """Read at each start, as from the file of a service manager: what was changed counts from then on."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        own = {"PATH": path, "VAR_DIR": str(self.folder), "HOST": "127.0.0.1", "PORT": str(self.port)}
        return self.variables | own

    def run(self, command: str, **variables) -> subprocess.CompletedProcess:
        """A command as it is typed in the guide, with the environment of the site."""
        return subprocess.run(  # noqa: S603  commands of our own guide
            ["/bin/sh", "-c", command],
            cwd=self.root,
            env=self.env | variables,
            capture_output=True,
            text=True,
            umask=0o022,
            timeout=300,
            check=False,
        )

    def must_run(self, command: str, **variables) -> str:
        """The same for a command that may not fail. Returns what it printed."""
        done = self.run(command, **variables)
        assert done.returncode == 0, f"{command.split('&&')[0].strip()}: {(done.stderr or done.stdout)[-500:]}"
        return done.stdout

    def start(self, *names):
        for name in names or PROCESSES:
            self.processes[name] = self.spawn("-m", "gutskin.procfile", name, log=name)
        if "web" in (names or PROCESSES):
            self.wait_until_ready()

    def spawn(self, *arguments, log: str) -> subprocess.Popen:
        with (self.folder / f"{log}.log").open("a") as file:
            return subprocess.Popen(  # noqa: S603  our own commands
                [sys.executable, *arguments],
                cwd=self.root,
                env=self.env,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def wait_until_ready(self):
        """Until it may be given visitors: /readyz is 200."""
        web = self.processes["web"]
        ready = wait_for(lambda: web.poll() is not None or self.readyz().get("status") == 200, production.MAX_WAIT)
        log = (self.folder / "web.log").read_text()[-500:]
        assert ready and web.poll() is None, f"{self.folder.name} did not become ready: {self.readyz()} {log}"

    def readyz(self, query="") -> dict:
        """What it says of itself, with the status; empty if it does not answer."""
        try:
            response = production.ask(f"127.0.0.1:{self.port}", f"/readyz{query}")
            return json.loads(response.content) | {"status": response.status}
        except (OSError, ValueError):
            return {}

    def connection(self):
        """Past nginx."""
        return proxy.connection(self.port)

    def stop(self, *names):
        """As a service manager does: SIGTERM to all of them, and time to finish what they have begun."""
        stopping = {name: self.processes.pop(name) for name in names or PROCESSES if name in self.processes}
        for process in stopping.values():
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        late = []
        for name, process in stopping.items():
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                late.append(name)
                end(process)
        assert not late, f"{', '.join(late)} of {self.folder.name} did not stop within {STOP_WITHIN} s."

    def restart(self):
        self.stop()
        self.start()

    def end(self):
        """At the end of the drill, whatever happened."""
        for process in self.processes.values():
            end(process)
        self.processes = {}


def end(process):
    """A process that we started, and those that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)
