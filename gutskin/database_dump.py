"""Database dump and restore in one file: SQLite by its online backup, PostgreSQL by pg_dump, pg_restore and psql."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, transaction


class DumpFailed(Exception):
    """The message is a sentence for the operator. Nothing was changed."""


@contextmanager
def snapshot() -> Iterator[str]:
    """What is read in the block is the database at one moment, though others go on writing. Gives its name for dump_to.

    Not within a transaction: it begins one of its own, in which nothing can be written.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Django's own would be that of a writer, for whom all others wait. The first read fixes the moment.
            cursor.execute("BEGIN DEFERRED")
            try:
                cursor.execute("SELECT 1 FROM sqlite_master LIMIT 1")
                yield ""
            finally:
                cursor.execute("ROLLBACK")
            return
        with transaction.atomic():
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # pg_dump may take longer than the server lets a transaction be idle.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor.fetchone()[0]


def dump_to(path: Path, *, empty: Iterable[str] = (), moment: str = "") -> None:
    """Writes a consistent copy of the database to `path` while the site keeps running. Raises DumpFailed.

    The tables named in `empty` have no rows in the copy. `moment` is what `snapshot()` gave; without it, the copy is of
    the moment at which it begins.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            # Otherwise the deleted rows could still be read from the file.
            copy.execute("PRAGMA secure_delete=ON")
            for table in empty:
                copy.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own names, quoted
            copy.commit()
        return
    options = [f"--exclude-table-data={table}" for table in empty]
    options += [f"--snapshot={moment}"] if moment else []
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", *options, f"--file={path}")


def load_from(path: Path) -> None:
    """Replaces everything in the database with the copy at `path`. Raises DumpFailed."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise DumpFailed("The database in this backup is damaged.")
            copy.backup(connection.connection)
        connection.close()
        return
    tables = ", ".join(map(connection.ops.quote_name, connection.introspection.table_names()))
    connection.close()
    statements, drop = path.with_suffix(".sql"), path.with_suffix(".drop.sql")
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", f"--file={statements}", str(path))
    # Tables that are newer than the backup go first: they refer to older ones, which could not be dropped before them.
    drop.write_text(f"DROP TABLE {tables} CASCADE;" if tables else "")
    # All or nothing: a restore that fails half-way leaves the old data in place.
    _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
         f"--file={drop}", f"--file={statements}")  # fmt: skip


def _run(program, *arguments):
    found = shutil.which(program)
    if not found:
        raise DumpFailed(f"{program} was not found. Install PostgreSQL's client programs (Debian: postgresql-client).")
    done = subprocess.run(  # noqa: S603  the database's own program
        [found, *arguments], env=os.environ | _connection_variables(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DumpFailed(f"{program} failed: {(done.stderr.strip().splitlines() or ['no message'])[0]}")


def _connection_variables():
    """The connection as variables of libpq: as an argument, the password would show in the list of processes."""
    parameters = connection.settings_dict
    options = parameters.get("OPTIONS", {})
    variables = {
        "PGHOST": parameters["HOST"],
        "PGPORT": parameters["PORT"],
        "PGUSER": parameters["USER"],
        "PGPASSWORD": parameters["PASSWORD"],
        "PGDATABASE": parameters["NAME"],
        "PGSSLMODE": options.get("sslmode"),
        "PGSSLROOTCERT": options.get("sslrootcert"),
    }
    return {name: str(value) for name, value in variables.items() if value}
