import django.utils.timezone
from django.db import migrations, models
from django.db.models import F


def as_far_as_it_is_known(apps, schema_editor):
    """Of requests that were opened again nobody wrote down when: they wait since they came."""
    inquiries = apps.get_model("consultations", "Inquiry").objects.using(schema_editor.connection.alias)
    inquiries.update(waiting_since=F("received_at"))
    inquiries.filter(answered_at__isnull=False).update(first_due_at=F("due_at"))


class Migration(migrations.Migration):
    dependencies = [("consultations", "0009_audit_log_is_found_again")]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="waiting_since",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="waiting since"),
        ),
        migrations.AddField(
            model_name="inquiry",
            name="first_due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="first reply was due"),
        ),
        migrations.RunPython(as_far_as_it_is_known, migrations.RunPython.noop, elidable=True),
    ]
