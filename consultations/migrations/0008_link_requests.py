import uuid

import django.utils.timezone
from django.db import migrations, models

import consultations.fields


class Migration(migrations.Migration):
    dependencies = [("consultations", "0007_queue_indexes")]

    operations = [
        migrations.CreateModel(
            name="LinkRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", consultations.fields.EncryptedTextField(verbose_name="e-mail address")),
                ("reference", consultations.fields.EncryptedTextField(blank=True, verbose_name="reference")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked")),
            ],
            options={"default_permissions": ()},
        ),
    ]
