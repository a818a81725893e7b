from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_privacy_lead_changed_label")]

    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["reference", "action"], name="audit_reference"),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="reference",
            field=models.CharField(blank=True, max_length=12, verbose_name="request"),
        ),
    ]
