from django.db import migrations, models

import gutskin.readable_json

SEARCHED = [("Reference", "authors"), ("Reference", "unconfirmed_fields"), ("GlossaryTerm", "also")]


def write_letters(apps, schema_editor):
    """Stores what SQLite has as \\u escapes with its letters. PostgreSQL does so itself."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for model, field in SEARCHED:
        rows = apps.get_model("education", model).objects.using(schema_editor.connection.alias)
        for row in list(rows.filter(**{f"{field}__icontains": "\\u"}).only("pk", field)):
            row.save(update_fields=[field])


class Migration(migrations.Migration):
    dependencies = [("education", "0010_evidence_watch")]

    operations = [
        # How a value is written is nothing of the table: without this, SQLite would copy it.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="reference",
                    name="authors",
                    field=models.JSONField(
                        default=list,
                        encoder=gutskin.readable_json.ReadableJSONEncoder,
                        help_text='As a list: ["Zhao Y", "Yu C"].',
                        verbose_name="authors",
                    ),
                ),
                migrations.AlterField(
                    model_name="reference",
                    name="unconfirmed_fields",
                    field=models.JSONField(
                        blank=True,
                        default=list,
                        encoder=gutskin.readable_json.ReadableJSONEncoder,
                        verbose_name="fields still to be confirmed",
                    ),
                ),
                migrations.AlterField(
                    model_name="glossaryterm",
                    name="also",
                    field=models.JSONField(
                        blank=True,
                        default=list,
                        encoder=gutskin.readable_json.ReadableJSONEncoder,
                        help_text='Other words for it, as a list: ["SCFA"].',
                        verbose_name="also called",
                    ),
                ),
            ]
        ),
        migrations.RunPython(write_letters, migrations.RunPython.noop),
    ]
