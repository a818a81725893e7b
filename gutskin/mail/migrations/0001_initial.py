
import django.db.models.deletion
import django.utils.timezone
import gutskin.encryption.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('about_id', models.PositiveBigIntegerField()),
                ('recipient', gutskin.encryption.fields.EncryptedTextField(verbose_name='recipient')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('message_id', models.CharField(editable=False, max_length=200, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='leased to a worker until')),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='delivered')),
                ('refused_at', models.DateTimeField(blank=True, null=True, verbose_name='address refused for good')),
                ('last_error', models.CharField(blank=True, max_length=100, verbose_name='last error')),
                ('about_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'ordering': ['next_try_at', 'pk'],
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('delivered_at__isnull', True), ('refused_at__isnull', True)), fields=['next_try_at'], name='notification_waiting'), models.Index(fields=['about_type', 'about_id'], name='notification_about')],
                'constraints': [models.CheckConstraint(condition=models.Q(('delivered_at__isnull', True), ('refused_at__isnull', True), _connector='OR'), name='notification_ends_one_way'), models.CheckConstraint(condition=models.Q(models.Q(('delivered_at__isnull', True), ('refused_at__isnull', True)), ('lease_until__isnull', True), _connector='OR'), name='notification_done_is_not_leased')],
            },
        ),
    ]
