"""The setting ENGINE names this package, and Django takes DatabaseWrapper from here.

https://docs.djangoproject.com/en/5.2/ref/databases/#subclassing-the-built-in-database-backends
"""

import random
import sqlite3
import threading
import time
from pathlib import Path

from django.db import OperationalError
from django.db.backends.sqlite3 import base

# SQLite itself looks again after 1, 2, 5, 10 and up to 100 ms (sqliteDefaultBusyCallback). Whoever has waited for long
# looks seldom, and those who came later go first: of eight who stored requests at once, the last waited two seconds.
# Random, so that they do not all look at the same moment.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.0005, 0.002  # seconds
# Of the threads of this process, one looks and the others wait for it: looking takes the CPU from the writer.
_turn = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens a kept connection (CONN_MAX_AGE) again at the next request, if its file was replaced or it had an error.

    A connection goes on with the file that it opened, even if another one has that name since.
    """

    def connect(self):
        super().connect()
        self._opened = self._file()

    def close_if_unusable_or_obsolete(self):
        if self.connection is not None and not self.is_in_memory_db() and self._file() != self._opened:
            self.close()
        super().close_if_unusable_or_obsolete()

    def is_usable(self):
        # Django asks after an error. A new connection costs a millisecond, and is sure to be none that is left over.
        return False

    def _file(self):
        try:
            found = Path(self.settings_dict["NAME"]).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _start_transaction_under_autocommit(self):
        """Waits for the writer before us, as long as the option `timeout` says; then OperationalError, as ever."""
        timeout = self.settings_dict["OPTIONS"].get("timeout", 5)
        deadline = time.monotonic() + timeout
        self._set_busy_timeout(0)
        has_turn = _turn.acquire(timeout=timeout)
        try:
            self._start_before(deadline)
        finally:
            if has_turn:
                _turn.release()
            self._set_busy_timeout(timeout)

    def _start_before(self, deadline):
        had_errors = self.errors_occurred
        while True:
            try:
                super()._start_transaction_under_autocommit()
            except OperationalError as error:
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
            else:
                # To wait is no error.
                self.errors_occurred = had_errors
                return
            time.sleep(random.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))  # noqa: S311  no secret

    def _set_busy_timeout(self, seconds):
        self.connection.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")


def _is_busy(error):
    # The primary code is in the last eight bits: https://www.sqlite.org/rescode.html
    return getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
