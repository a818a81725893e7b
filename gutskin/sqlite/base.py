"""The setting ENGINE names this package, and Django takes DatabaseWrapper from here.

https://docs.djangoproject.com/en/5.2/ref/databases/#subclassing-the-built-in-database-backends
"""

import random
import sqlite3
import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

# SQLite itself looks again after 1, 2, 5, 10 and up to 100 ms (sqliteDefaultBusyCallback). Whoever has waited for long
# looks seldom, and those who came later go first: of eight who stored requests at once, the last waited two seconds.
# Random, so that they do not all look at the same moment.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.0005, 0.002  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self):
        """Waits for the writer before us, as long as the option `timeout` says; then OperationalError, as ever."""
        timeout = self.settings_dict["OPTIONS"].get("timeout", 5)
        deadline = time.monotonic() + timeout
        self._set_busy_timeout(0)
        try:
            while True:
                try:
                    return super()._start_transaction_under_autocommit()
                except OperationalError as error:
                    if not _is_busy(error) or time.monotonic() > deadline:
                        raise
                time.sleep(random.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))  # noqa: S311  no secret
        finally:
            self._set_busy_timeout(timeout)

    def _set_busy_timeout(self, seconds):
        self.connection.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")


def _is_busy(error):
    # The primary code is in the last eight bits: https://www.sqlite.org/rescode.html
    return getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
