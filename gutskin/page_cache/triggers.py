"""Database triggers that change the content version with every row that a reader can see.

Triggers, and not signals: they also see update(), bulk_create() and SQL typed by hand, and their row appears and
vanishes with the transaction of the change.
https://www.sqlite.org/lang_createtrigger.html and https://www.postgresql.org/docs/current/sql-createtrigger.html
"""

from django.apps import apps
from django.db import connections, models

from gutskin.page_cache.models import ContentChange

EVENTS = ("INSERT", "UPDATE", "DELETE")
# The models that public pages are made of, by app label, minus those that no public page reads. An app adds itself in
# its AppConfig.ready(); a new model of it counts unless it is named here.
content_apps: dict[str, frozenset[str]] = {}

SQLITE = """
    CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {table} BEGIN
        INSERT INTO {changes} (id, token, changed_at) VALUES (0, lower(hex(randomblob(16))), datetime('now'))
        ON CONFLICT (id) DO UPDATE SET token = excluded.token, changed_at = excluded.changed_at;
    END
"""
POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION gutskin_content_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO {changes} (id, token, changed_at)
        VALUES (pg_current_xact_id()::text::bigint, gen_random_uuid()::text, now())
        ON CONFLICT (id) DO UPDATE SET token = excluded.token;
        RETURN NULL;
    END $$
"""
# Once per statement, however many rows it changes. TRUNCATE has no rows, and so a trigger of its own kind.
POSTGRESQL = """
    CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION gutskin_content_changed()
"""


def content_models() -> list[type[models.Model]]:
    """Every model of which a public page shows something, with the tables between them."""
    return [
        model
        for label, left_out in content_apps.items()
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model.__name__ not in left_out
    ]


def create_triggers(using="default", **kwargs) -> None:
    """Creates what is missing. Called after each app that was migrated, so some tables may not be there yet."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    changes = ContentChange._meta.db_table
    if changes not in tables:
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION.format(changes=quote(changes)))
        template, events = (
            (POSTGRESQL, (*EVENTS, "TRUNCATE")) if connection.vendor == "postgresql" else (SQLITE, EVENTS)
        )
        for table in [model._meta.db_table for model in content_models() if model._meta.db_table in tables]:
            for event in events:
                name = quote(f"content_changed_{table}_{event.lower()}")
                cursor.execute(template.format(name=name, event=event, table=quote(table), changes=quote(changes)))


def drop_triggers(schema_editor) -> None:
    """What they write into is about to be deleted."""
    connection = schema_editor.connection
    quote = connection.ops.quote_name
    tables = set(connection.introspection.table_names())
    for table in [model._meta.db_table for model in content_models() if model._meta.db_table in tables]:
        for event in (*EVENTS, "TRUNCATE"):
            name = quote(f"content_changed_{table}_{event.lower()}")
            on_table = f" ON {quote(table)}" if connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
