"""The whole database as one file, and back: SQLite by its online backup, PostgreSQL by pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection


class DumpFailed(Exception):
    """A sentence for the operator; nothing was changed."""


def dump_to(path: Path) -> None:
    """A consistent copy as of now, while the site goes on."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


def load_from(path: Path) -> None:
    """Puts the copy in the place of everything that is in the database."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise DumpFailed("The database in this backup is damaged.")
            copy.backup(connection.connection)
        connection.close()
        return
    connection.close()
    # All or nothing: a restore that fails half-way leaves what was there.
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
         f"--dbname={connection.settings_dict['NAME']}", str(path))  # fmt: skip


def _run(program, *arguments):
    found = shutil.which(program)
    if not found:
        raise DumpFailed(f"{program} was not found. Install PostgreSQL's client programs (Debian: postgresql-client).")
    done = subprocess.run(  # noqa: S603  the database's own program
        [found, *arguments], env=os.environ | _where(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DumpFailed(f"{program} failed: {(done.stderr.strip().splitlines() or ['it said nothing'])[0]}")


def _where():
    """Where the database is, in the variables that its programs read: no password stands in a list of processes."""
    wanted = connection.settings_dict
    options = wanted.get("OPTIONS", {})
    variables = {
        "PGHOST": wanted["HOST"],
        "PGPORT": wanted["PORT"],
        "PGUSER": wanted["USER"],
        "PGPASSWORD": wanted["PASSWORD"],
        "PGDATABASE": wanted["NAME"],
        "PGSSLMODE": options.get("sslmode"),
        "PGSSLROOTCERT": options.get("sslrootcert"),
    }
    return {name: str(value) for name, value in variables.items() if value}
