"""Words for PubMed by intervention, and with each question the words that it was made with.

A question that no one has saved in admin counts as unedited, so it follows the names of its cell.
"""

from django.db import migrations, models


def mark_unedited(apps, schema_editor):
    database = schema_editor.connection.alias
    entries = apps.get_model("admin", "LogEntry").objects.using(database)
    edited = entries.filter(content_type__app_label="education", content_type__model="evidencequestion")
    numbers = [int(number) for number in edited.values_list("object_id", flat=True) if (number or "").isdigit()]
    questions = apps.get_model("education", "EvidenceQuestion").objects.using(database)
    questions.exclude(pk__in=numbers).update(made_query=models.F("query"))


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("education", "0015_names_among_search_words"),
    ]

    operations = [
        migrations.AddField(
            "intervention",
            "search_words",
            models.TextField(
                blank=True,
                default="",
                help_text=(
                    "The names by which PubMed knows it, one on each line, such as semaglutide. Questions to PubMed that "
                    "no one has edited are made of them; without any, of the name of the row."
                ),
                verbose_name="words for PubMed",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "intervention",
            "is_no_treatment",
            models.BooleanField(
                default=False,
                help_text=("No trial could answer it: PubMed is asked about it only in words that you write yourself."),
                verbose_name="not a treatment",
            ),
        ),
        migrations.AddField(
            "evidencequestion",
            "made_query",
            models.TextField(blank=True, default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(mark_unedited, migrations.RunPython.noop),
    ]
