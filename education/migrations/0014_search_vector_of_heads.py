"""A column for the words of titles, summaries and headings on PostgreSQL, where an index of an expression was before.

To rank by the column of all words, PostgreSQL has to unpack a whole text for each match. This column is small. It also
saves computing the words again for each row that the index alone cannot decide about, such as one with a phrase.
Adding it rewrites the table: half a minute for 10,000 articles.

Without fastupdate, a page is added to the indexes when it is published, not later: 2 ms more for whoever publishes.
Otherwise every search would read a list of up to 4 MB of what has yet to be added.
"""

from django.db import migrations

CREATE = [
    "DROP INDEX education_search_heads",
    "ALTER INDEX education_search SET (fastupdate = off)",
    """
    ALTER TABLE education_searchdocument ADD COLUMN heads_vector tsvector
    GENERATED ALWAYS AS (education_search_vector(title_terms, summary_terms, heading_terms, '')) STORED
    """,
    """
    CREATE INDEX education_search_heads ON education_searchdocument USING gin (heads_vector) WITH (fastupdate = off)
    """,
    # For suggestions, which are never statements; those are most of the documents. Weight A is that of titles.
    """
    CREATE INDEX education_search_named_heads ON education_searchdocument USING gin (heads_vector)
    WITH (fastupdate = off) WHERE subject <> 'evidence'
    """,
    """
    CREATE INDEX education_search_names ON education_searchdocument USING gin (ts_filter(heads_vector, '{a}'))
    WITH (fastupdate = off) WHERE subject <> 'evidence'
    """,
]
REMOVE = [
    "ALTER TABLE education_searchdocument DROP COLUMN heads_vector",
    "ALTER INDEX education_search RESET (fastupdate)",
    """
    CREATE INDEX education_search_heads ON education_searchdocument
    USING gin (education_search_vector(title_terms, summary_terms, heading_terms, ''))
    """,
]


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in CREATE:
            schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in REMOVE:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("education", "0013_longer_advice")]

    operations = [migrations.RunPython(create, remove)]
