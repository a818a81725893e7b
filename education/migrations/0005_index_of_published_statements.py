from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("education", "0004_preprints")]

    operations = [
        migrations.RemoveIndex(model_name="evidencestatement", name="statement_published"),
        migrations.AddIndex(
            model_name="evidencestatement",
            index=models.Index(fields=["condition", "state", "language"], name="statement_published"),
        ),
    ]
