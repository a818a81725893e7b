
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LoginCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True, verbose_name='keyed digest of the address')),
                ('window_start', models.DateTimeField(verbose_name='hour')),
                ('count', models.PositiveIntegerField(verbose_name='times in this hour')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='logincount_counts_something')],
            },
        ),
        migrations.CreateModel(
            name='FactorReset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(help_text='For example: lost the phone, known to me, rang me up. Nothing about a patient.', max_length=200, verbose_name='reason')),
                ('asked_by', models.CharField(editable=False, max_length=150, verbose_name='requested by')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='requested')),
                ('approved_by', models.CharField(blank=True, editable=False, max_length=150, verbose_name='approved by')),
                ('approved_at', models.DateTimeField(editable=False, null=True, verbose_name='approved')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='factor_resets', to=settings.AUTH_USER_MODEL, verbose_name='whose factors')),
            ],
            options={
                'verbose_name': 'reset of a second factor',
                'verbose_name_plural': 'resets of second factors',
                'ordering': ['-asked_at'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', '')), models.Q(models.Q(('approved_by', ''), _negated=True), ('approved_at__isnull', False)), _connector='OR'), name='factor_reset_approved_by_somebody_at_some_time'), models.CheckConstraint(condition=models.Q(('asked_by', models.F('approved_by')), _negated=True), name='factor_reset_by_two_people')],
            },
        ),
    ]
