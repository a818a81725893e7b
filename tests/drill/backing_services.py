"""What the site needs besides itself: PostgreSQL, Redis and a mail server, each on a port of its own."""

import shutil
import socket
import subprocess
from pathlib import Path

from tests import production
from tests.faults.lab import wait_for
from tests.faults.mail_server import MailServer
from tests.faults.postgres import Cluster


class Redis:
    """Keeps nothing on disk, as in compose.yaml."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.port, self.process = folder, production.free_port(), None

    @property
    def url(self):
        return f"rediscache://127.0.0.1:{self.port}/0"

    def start(self):
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        with (self.folder / "redis.log").open("a") as log:
            self.process = subprocess.Popen([program(), *options], cwd=self.folder, stdout=log, stderr=log)  # noqa: S603  our own command
        assert wait_for(self._listens, 20), "Redis did not start."

    def kill(self):
        """As when its machine loses power."""
        if self.process:
            self.process.kill()
            self.process.wait(timeout=20)

    def _listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


class BackingServices:
    """All three, started on entering and stopped on leaving."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.cluster, self.redis, self.mail = Cluster(folder / "postgres"), Redis(folder / "redis"), MailServer()

    def __enter__(self):
        try:
            self.cluster.start()
            self.redis.start()
            self.mail.up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error):
        self.mail.down()
        self.redis.kill()
        self.cluster.stop()


def program() -> str | None:
    """redis-server, if it is installed."""
    return shutil.which("redis-server")
