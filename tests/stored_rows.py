"""What the tables hold, taken out and put back as it is stored: no default, no signal and no rule changes it."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction


def stored_rows(*labels):
    """`{(table, columns): rows}` of every table that has rows; with labels, of the tables of these apps."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and (not labels or model._meta.app_label in labels)
    ]
    found = {}
    with connection.cursor() as cursor:
        for model in models:
            # A generated column is no field of ours; the database works it out again.
            columns = tuple(field.column for field in model._meta.local_concrete_fields if not field.generated)
            cursor.execute(f"SELECT {_names(columns)} FROM {_name(model._meta.db_table)}")  # noqa: S608  names of models
            if rows := cursor.fetchall():
                found[model._meta.db_table, columns] = rows
    return found


def put_in(stored):
    """Writes the rows into their tables, which have none with these keys."""
    # Foreign keys are looked at when the transaction ends, so the order of the tables does not matter.
    with transaction.atomic(), connection.cursor() as cursor:
        for (table, columns), rows in stored.items():
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {_name(table)} ({_names(columns)}) VALUES ({places})", rows)  # noqa: S608
        # PostgreSQL gives the next row of a table its number without looking at those that came with one.
        filled = {table for table, _columns in stored}
        models = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in filled]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def put_back(stored):
    """The tables hold these rows and no others."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table, _columns in stored_rows():
                cursor.execute(f"DELETE FROM {_name(table)}")  # noqa: S608
        put_in(stored)
    # They came with numbers of their own.
    ContentType.objects.clear_cache()


def _name(name):
    return connection.ops.quote_name(name)


def _names(columns):
    return ", ".join(map(_name, columns))
