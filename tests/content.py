"""The project's own content. Loading takes a second: once a process, after that what was loaded is copied."""

from io import StringIO

from django.core.management import call_command
from django.db import connection

from education.models import Intervention
from tests.stored_rows import put_in, stored_rows

_loaded = {}


def load_content():
    """Fills a database without articles as the command `load_content` does, and returns what the command prints.

    The times in it are those of the first load.
    """
    # The rows of the map are made by a migration, so they are in every new database.
    there = {table for table, _columns in stored_rows("education")} - {Intervention._meta.db_table}
    assert not there, "Something is there already; call the command itself."
    if _loaded:
        Intervention.objects.all().delete()
        put_in(_loaded["rows"])
    else:
        printed = StringIO()
        call_command("load_content", stdout=printed)
        _loaded.update(rows=stored_rows("education"), printed=printed.getvalue())
    if connection.vendor == "postgresql":
        # Autovacuum does not see what is not committed. By the statistics of empty tables, some queries take a minute.
        with connection.cursor() as cursor:
            # Not all tables: the catalogues that databases share would be locked for other processes of the tests.
            tables = sorted({table for table, _columns in _loaded["rows"]})
            cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")
    return _loaded["printed"]
