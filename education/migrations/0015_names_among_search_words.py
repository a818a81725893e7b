"""Which words are those of titles and of the glossary: a correction of the spelling leads to no others.

Words that are there already count as names until `rebuild_search` has run, so that the site corrects as before.
"""

from django.db import migrations, models


def count_as_names(apps, schema_editor):
    apps.get_model("education", "SearchWord").objects.update(is_name=True)


class Migration(migrations.Migration):
    dependencies = [("education", "0014_search_vector_of_heads")]

    operations = [
        migrations.AddField("searchword", "is_name", models.BooleanField(default=False)),
        migrations.RunPython(count_as_names, migrations.RunPython.noop),
        migrations.AddIndex(
            "searchword",
            models.Index(
                fields=["language", "word"], condition=models.Q(is_name=True), name="search_word_names"
            ),
        ),
    ]
