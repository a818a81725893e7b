"""The database's own full-text index of SearchDocument. search/stemming.py decides what a word is, not the database.

On SQLite, a migration that alters SearchDocument rebuilds its table, which deletes the triggers and the index of
kinds. Such a migration has to run `remove` and `create` of this one again.
"""

from django.db import migrations

SQLITE_CREATE = [
    # ascii: a term is what is between two spaces; every character beyond ASCII is part of a term.
    """
    CREATE VIRTUAL TABLE education_search USING fts5(
        title_terms, summary_terms, heading_terms, text_terms,
        content='education_searchdocument', content_rowid='id', tokenize='ascii', prefix='2 3 4'
    )
    """,
    """
    CREATE TRIGGER education_search_insert AFTER INSERT ON education_searchdocument BEGIN
        INSERT INTO education_search (rowid, title_terms, summary_terms, heading_terms, text_terms)
        VALUES (new.id, new.title_terms, new.summary_terms, new.heading_terms, new.text_terms);
    END
    """,
    """
    CREATE TRIGGER education_search_delete AFTER DELETE ON education_searchdocument BEGIN
        INSERT INTO education_search (education_search, rowid, title_terms, summary_terms, heading_terms, text_terms)
        VALUES ('delete', old.id, old.title_terms, old.summary_terms, old.heading_terms, old.text_terms);
    END
    """,
    """
    CREATE TRIGGER education_search_update AFTER UPDATE ON education_searchdocument BEGIN
        INSERT INTO education_search (education_search, rowid, title_terms, summary_terms, heading_terms, text_terms)
        VALUES ('delete', old.id, old.title_terms, old.summary_terms, old.heading_terms, old.text_terms);
        INSERT INTO education_search (rowid, title_terms, summary_terms, heading_terms, text_terms)
        VALUES (new.id, new.title_terms, new.summary_terms, new.heading_terms, new.text_terms);
    END
    """,
    # All that a search needs to know about a document that it does not show: small enough to be read for every match.
    "CREATE INDEX education_search_kinds ON education_searchdocument (id, language, subject)",
    "INSERT INTO education_search (education_search) VALUES ('rebuild')",
]
SQLITE_REMOVE = [
    "DROP INDEX IF EXISTS education_search_kinds",
    "DROP TRIGGER IF EXISTS education_search_insert",
    "DROP TRIGGER IF EXISTS education_search_delete",
    "DROP TRIGGER IF EXISTS education_search_update",
    "DROP TABLE IF EXISTS education_search",
]

POSTGRESQL_CREATE = [
    # With to_tsvector, parser and locale would decide; array_to_tsvector drops positions, which phrases and weights need.
    # Adding the column's number leaves a gap, so that no phrase begins in a title and ends in a summary.
    """
    CREATE FUNCTION education_search_vector(title text, summary text, headings text, body text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(string_agg(term || ':' || place || weight, ' '), '')::tsvector
        FROM (
            SELECT term, row_number() OVER (ORDER BY col, position) + col AS place, substr('ABCD', col::int, 1) AS weight
            FROM unnest(ARRAY[title, summary, headings, body]) WITH ORDINALITY AS columns (terms, col),
                unnest(string_to_array(terms, ' ')) WITH ORDINALITY AS words (term, position)
            WHERE term <> ''
        ) AS placed
    $$
    """,
    """
    ALTER TABLE education_searchdocument ADD COLUMN search_vector tsvector
    GENERATED ALWAYS AS (education_search_vector(title_terms, summary_terms, heading_terms, text_terms)) STORED
    """,
    "CREATE INDEX education_search ON education_searchdocument USING gin (search_vector)",
    # For LIKE 'beginning%', which an index sorted by the rules of a locale cannot serve.
    "CREATE INDEX education_searchword_beginning ON education_searchword (language, word varchar_pattern_ops)",
]
POSTGRESQL_REMOVE = [
    "DROP INDEX education_searchword_beginning",
    "ALTER TABLE education_searchdocument DROP COLUMN search_vector",
    "DROP FUNCTION education_search_vector",
]

STATEMENTS = {"sqlite": (SQLITE_CREATE, SQLITE_REMOVE), "postgresql": (POSTGRESQL_CREATE, POSTGRESQL_REMOVE)}


def create(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor][0]:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor][1]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("education", "0001_initial")]

    operations = [migrations.RunPython(create, remove)]
