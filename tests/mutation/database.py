"""A pytest plugin: the migrations run once, and each mutant's process starts from a copy of the migrated database.

mutmut forks a process for each mutant. Migrating takes longer there than the tests.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db.backends.sqlite3.creation import DatabaseCreation

# In the copy of the project that `make mutants` works on, and removes.
TEMPLATE = Path(__file__).with_name("migrated.sqlite3")
migrate_test_db = DatabaseCreation.create_test_db


def create_test_db(self, *args, **kwargs):
    if not TEMPLATE.exists():
        name = migrate_test_db(self, *args, **kwargs)
        with closing(sqlite3.connect(TEMPLATE)) as template:
            self.connection.connection.backup(template)
        return name
    name = self._get_test_db_name()
    self.connection.close()
    self.connection.settings_dict["NAME"] = name
    self.connection.ensure_connection()
    with closing(sqlite3.connect(TEMPLATE)) as template:
        template.backup(self.connection.connection)
    return name


DatabaseCreation.create_test_db = create_test_db
