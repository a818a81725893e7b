"""A PostgreSQL cluster for one run, deleted afterwards."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg

from tests import production


class NoPostgres(Exception):
    pass


def programs() -> Path:
    """The folder with initdb and pg_ctl; raises NoPostgres with what to do."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    raise NoPostgres("No PostgreSQL was found. On Debian and Ubuntu: apt-get install postgresql")


class Cluster:
    """As durable as in production: no safety is switched off, since it is here to crash."""

    def __init__(self, folder: Path):
        self.programs, self.folder, self.port = programs(), folder, production.free_port()
        self.data = folder / "data"
        # The longest file that its processes may write, in blocks of 512 bytes.
        self.longest_file = "unlimited"
        folder.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        make = ["--pgdata", self.data, "--username", "gutskin", "--auth", "trust", "--encoding", "UTF8"]
        # Small segments of the write-ahead log, so that a small disk is full sooner.
        self._run("initdb", *make, "--locale", "C.UTF-8", "--no-sync", "--wal-segsize", "1")

    def start(self):
        settings = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder}
        settings |= {"max_connections": 200, "min_wal_size": "2MB", "max_wal_size": "8MB"}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", *self._here(), "--log", self.folder / "server.log", "--wait", "start", "-o", options)

    def crash(self):
        """Like a power cut: every process stops at once, without a checkpoint."""
        self._run("pg_ctl", *self._here(), "--mode", "immediate", "--wait", "stop", check=False)

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", *self._here(), "--mode", "fast", "--wait", "stop", check=False)

    def url(self, name):
        return f"postgres://gutskin@127.0.0.1:{self.port}/{name}"

    def create(self, name, template="template0"):
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def take_over(self, name, cluster: "Cluster", source):
        """A database of this cluster, copied from another's."""
        self.create(name)
        dump = cluster.folder / f"{source}.dump"
        cluster._run("pg_dump", "--format", "custom", "--file", dump, cluster.url(source))
        self._run("pg_restore", "--no-owner", "--dbname", self.url(name), dump)
        dump.unlink()

    def checkpoint(self):
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def is_up(self):
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _here(self):
        return ["--pgdata", self.data, "--silent"]

    def _run(self, program, *arguments, check=True):
        command = [str(self.programs / program), *map(str, arguments)]
        command = ["/bin/sh", "-c", f'ulimit -f {self.longest_file}; exec "$@"', "sh", *command]
        if os.getuid() == 0:
            # It refuses to run as root; its package creates this account.
            command = ["runuser", "-u", "postgres", "--", *command]
        with (self.folder / "commands.log").open("a") as log:
            done = subprocess.run(command, cwd="/", stdout=log, stderr=log, timeout=60, check=False)  # noqa: S603  our own commands
        if check and done.returncode:
            raise RuntimeError(f"{program} failed: {(self.folder / 'commands.log').read_text()[-500:]}")
