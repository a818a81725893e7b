"""The site as an operator starts it: own process, production settings, collected static files."""

import http.client
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PREPARE = ("-m", "gutskin.start", "--prepare-only")
MAX_WAIT = 120  # seconds until the first answer; a busy machine is slow


def environment(folder, **changes):
    """A complete production environment; None removes a variable."""
    variables = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "VAR_DIR": str(folder),
        "SECRET_KEY": "production-test-" + "0123456789abcdef" * 4,
        "FIELD_ENCRYPTION_KEYS": "k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "SITE_URL": "https://gutskin.example",
        "ALLOWED_HOSTS": "gutskin.example,127.0.0.1",
        "PRIVACY_EMAIL": "privacy@gutskin.example",
        "HTTPS": "on",
        "BEHIND_PROXY": "on",
        "WEB_CONCURRENCY": "1",
    }
    return {name: value for name, value in (variables | changes).items() if value is not None}


def start(*arguments, env, **options):
    """A command of ours; its two outputs come as one."""
    return subprocess.Popen(  # noqa: S603  our own commands
        [sys.executable, *arguments],
        cwd=ROOT,
        env=env,
        # As on most machines, whatever the tests run under.
        umask=0o022,
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} | options,
    )


def run(*arguments, env, timeout=600):
    """A command of ours, when it has ended."""
    process = start(*arguments, env=env, stderr=subprocess.PIPE)
    stdout, stderr = process.communicate(timeout=timeout)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def free_port():
    """Below the ports that the kernel hands out: no connection that another test opens takes it before it is used."""
    for _ in range(100):
        port = random.randrange(20_000, 30_000)  # noqa: S311  no secret
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise AssertionError("No port is free.")


def prepare(folder, **changes):
    """Database, content and static files in the folder."""
    prepared = run(*PREPARE, env=environment(folder, **changes))
    assert prepared.returncode == 0, prepared.stderr


@contextmanager
def serving(folder, **changes):
    """The `web` line of the Procfile on a free port, with what `prepare` left in the folder; gives `host:port`."""
    port = free_port()
    env = environment(folder, HOST="127.0.0.1", PORT=str(port), **changes)
    command = (ROOT / "Procfile").read_text().splitlines()[0].removeprefix("web: ")
    with (Path(folder) / f"web-{port}.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", command], cwd=ROOT, env=env, stderr=log, stdout=log, start_new_session=True
        )
        try:
            wait_for(port, process, lambda: "The web process did not start.")
            yield f"127.0.0.1:{port}"
        finally:
            if process.poll() is None:
                # gunicorn and its workers: its quick shutdown takes a second, or thirty if it misses a worker.
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=60)


def wait_for(port, process, otherwise):
    """Returns when something listens there; if nothing ever does, fails with what `otherwise` returns."""
    deadline = time.monotonic() + MAX_WAIT
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(otherwise())


def readable_by_others(folder):
    """The files below, and the folder, that others may read or write: their modes."""
    modes = {}
    for path in [folder, *folder.rglob("*")]:
        # Files of SQLite's journal come and go with the connections of the running site.
        with suppress(FileNotFoundError):
            modes[str(path)] = stat.S_IMODE(path.lstat().st_mode)
    # Static files are public, and nginx reads them.
    static = str(folder / "static")
    return {path: oct(mode) for path, mode in modes.items() if mode & 0o077 and not path.startswith(static)}


def ask(address, path, method="GET", **headers):
    """One request, as the proxy in front passes it on; redirects are not followed."""
    connection = http.client.HTTPConnection(address, timeout=20)
    sent = {"Host": "gutskin.example", "X-Forwarded-Proto": "https"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=sent)
    response = connection.getresponse()
    response.content = response.read()
    connection.close()
    return response
