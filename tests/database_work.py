"""How much a database does for an answer: steps, which do not depend on the machine, where the time does."""

from collections.abc import Callable

import pytest
from django.db import connection

# Of SQLite's virtual machine.
EVERY = 100


def work_of(do: Callable[[], object]) -> int:
    """How many hundred steps SQLite takes for the queries of `do`. Skips the test on other databases."""
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite tells how much it does.")
    steps = []
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: steps.append(1), EVERY)
    try:
        do()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return len(steps)
