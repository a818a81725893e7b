"""A database that does not answer: `with silent_database():` around what is done in the meantime."""

from django.db import OperationalError, connection


def silent_database():
    """No statement is answered."""
    return connection.execute_wrapper(_refuse)


def database_without_room():
    """Rows can be read; none can be inserted."""
    return connection.execute_wrapper(_refuse_what_is_new)


def _refuse(execute, sql, params, many, context):
    raise OperationalError("database is locked")


def _refuse_what_is_new(execute, sql, params, many, context):
    if sql.startswith("INSERT"):
        raise OperationalError("database is locked")
    return execute(sql, params, many, context)
