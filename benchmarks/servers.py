"""Servers that are measured. Each is the gunicorn of the Procfile with the same options, in processes of its own."""

import http.client
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import production
from tests.production import ROOT

TICKS = os.sysconf("SC_CLK_TCK")
# What every server is asked with: a browser behind a proxy that speaks HTTPS.
HEADERS = {
    "Host": "gutskin.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "10.0.0.1",
    "Accept-Encoding": "gzip, deflate, br",
}


class Server:
    def __init__(self, name: str, application: str, folder: Path, *, python=sys.executable, ready="/", **variables):
        self.name, self.folder, self.ready, self.port = name, folder, ready, production.free_port()
        self.command = gunicorn(application, python)
        self.env = production.environment(folder, HOST="127.0.0.1", PORT=str(self.port), **{"WEB_CONCURRENCY": "2"})
        # The file of the log is read when something goes wrong.
        self.env |= {"PYTHONPATH": str(ROOT), "PATH": f"{Path(python).parent}:{os.environ['PATH']}", **variables}
        self.log = folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.log"

    def start(self) -> float:
        """Returns the seconds until the first answer to its page `ready`."""
        began = time.perf_counter()
        with self.log.open("a") as log:
            self.process = subprocess.Popen(  # noqa: S603  our own commands
                shlex.split(self.command), cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        while self.process.poll() is None and time.perf_counter() - began < production.MAX_WAIT:
            try:
                answer = self.ask(self.ready)
            except OSError:
                time.sleep(0.005)
                continue
            if answer.status < 400:
                return time.perf_counter() - began
            break
        raise RuntimeError(f"{self.name} did not answer {self.ready}: {self.log.read_text()[-1500:]}")

    def stop(self):
        if self.process.poll() is None:
            # Quickly: nobody waits for an answer, and gunicorn's workers are in the same group.
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=30)

    def ask(self, path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            sent = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            answer.content = answer.read()
            return answer
        except http.client.HTTPException as error:
            raise OSError(type(error).__name__) from error
        finally:
            connection.close()

    def processes(self) -> list[int]:
        """Its own process id, and those of everything that it has started."""
        found, children = [self.process.pid], children_of_all()
        for pid in found:
            found += children.get(pid, [])
        return found

    def workers(self) -> list[int]:
        return children_of_all().get(self.process.pid, [])

    def cpu(self) -> float:
        """Seconds of CPU so far, of the whole tree, with children that have ended."""
        # Fields 14 to 17 of proc_pid_stat(5).
        return sum(sum(map(int, fields[11:15])) for fields in map(stat_of, self.processes()) if fields) / TICKS


def gunicorn(application, python) -> str:
    [line] = [line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web: ")]
    command = line.removeprefix("web: exec ").replace(" python ", f" {python} ").replace("gutskin.wsgi", application)
    command = command.replace("${HOST:-127.0.0.1}:${PORT:-8000}", "$HOST:$PORT").replace("${WEB_CONCURRENCY:-2}", "2")
    if application != "gutskin.wsgi":
        # Classes of ours. Nothing is logged at this level, and ours differs only in how it stops.
        command = command.replace(" --logger-class gutskin.json_logs.GunicornLogger", "")
        command = command.replace("gutskin.web_worker.WebWorker", "gthread")
    return f"/bin/sh -c {shlex.quote('exec ' + command)}"


@contextmanager
def running(*servers: Server):
    """All of them at once: those that are not asked at the moment do nothing."""
    with ExitStack() as stack:
        for server in servers:
            stack.callback(lambda server=server: getattr(server, "process", None) and server.stop())
            server.start()
        yield


def stat_of(pid) -> list[str]:
    """Of proc_pid_stat(5), the fields from the third on; empty if the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def children_of_all() -> dict[int, list[int]]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if fields := stat_of(folder.name):
            found.setdefault(int(fields[1]), []).append(int(folder.name))
    return found


def memory(pid) -> float:
    """Resident megabytes (VmRSS), counted as an operator sees them: shared pages in full."""
    [kilobytes] = re.findall(r"^VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M)
    return int(kilobytes) * 1024 / 1e6


def shared_memory(pid) -> float:
    """The same with what is shared divided by the number of processes that share it (PSS): what one more would add."""
    [kilobytes] = re.findall(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    return int(kilobytes) * 1024 / 1e6
