"""Seals the requests there are. What was swapped before this is sealed as it is: nothing can tell it any more."""

from django.db import migrations, models

from consultations.request_numbers import row_seal

FIELDS = ["public_id", "reference", "receipt_digest", "email_index"]


def seal_requests(apps, schema_editor):
    inquiries = apps.get_model("consultations", "Inquiry").objects
    for inquiry in inquiries.only(*FIELDS).iterator():
        inquiries.filter(pk=inquiry.pk).update(seal=row_seal(inquiry))


class Migration(migrations.Migration):
    dependencies = [("consultations", "0004_message_red_flags")]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="seal",
            field=models.CharField(default="", editable=False, max_length=64),
        ),
        migrations.RunPython(seal_requests, migrations.RunPython.noop),
    ]
