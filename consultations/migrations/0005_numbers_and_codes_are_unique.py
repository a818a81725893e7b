from django.db import migrations, models


class Migration(migrations.Migration):
    """On its own: PostgreSQL does not change a table in the transaction that has just filled it."""

    dependencies = [("consultations", "0004_requests_in_good_hands")]

    operations = [
        migrations.AlterField(
            model_name="auditevent",
            name="sequence",
            field=models.PositiveBigIntegerField(unique=True, verbose_name="number"),
        ),
        migrations.AlterField(
            model_name="inquiry",
            name="receipt_digest",
            field=models.CharField(editable=False, max_length=64, unique=True),
        ),
    ]
