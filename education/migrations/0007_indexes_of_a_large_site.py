"""Indexes that a site with 10,000 articles needs.

That on the titles, summaries and headings of SearchDocument is for words that thousands of texts have. PostgreSQL only:
SQLite's index can be asked for some of its columns.
"""

from django.db import migrations, models

CREATE = """
CREATE INDEX education_search_heads ON education_searchdocument
USING gin (education_search_vector(title_terms, summary_terms, heading_terms, ''))
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX education_search_heads")


class Migration(migrations.Migration):
    dependencies = [("education", "0006_indexes_of_staff_lists")]

    operations = [
        migrations.RunPython(create, remove),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("translation_of__isnull", False)),
                fields=["translation_of"],
                name="article_translations",
            ),
        ),
    ]
