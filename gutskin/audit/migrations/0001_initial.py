
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveBigIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveBigIntegerField(unique=True, verbose_name='number')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('actor', models.CharField(max_length=150, verbose_name='who')),
                ('action', models.CharField(choices=[('submitted', 'sent the request'), ('viewed', 'opened the request'), ('story_read', 'read the story'), ('status_changed', 'changed the status'), ('assigned', 'changed the assignee'), ('urgency_changed', 'changed the urgency'), ('note_added', 'added a note'), ('replied', 'replied to the patient'), ('patient_wrote', 'wrote a message'), ('photo_added', 'added a photo'), ('photo_removed', 'removed a photo'), ('photo_viewed', 'looked at a photo'), ('access_opened', 'gave a reason to read the story'), ('glass_broken', 'broke the glass to read the story'), ('merged', 'merged with another request'), ('held', 'put a legal hold on it'), ('released', 'lifted the legal hold'), ('status_page_opened', 'opened the status page'), ('link_asked_for', 'asked for a link to the status page'), ('downloaded', 'downloaded the data'), ('consent_changed', 'changed the consent'), ('withdrawn', 'withdrew the request'), ('erased', 'erased the request'), ('purged', 'purged the request'), ('listed', 'looked at the list of requests'), ('searched', 'searched the requests'), ('dashboard_viewed', 'looked at the dashboard'), ('exported', 'exported figures'), ('audit_viewed', 'looked at the audit log'), ('chain_checked', 'checked the chain of the audit log'), ('logged_in', 'logged in'), ('logged_out', 'logged out'), ('login_failed', 'tried to log in, and failed'), ('locked_out', 'was locked out'), ('password_changed', 'changed a password'), ('factor_added', 'added a second factor'), ('factor_removed', 'removed a second factor'), ('factor_reset_asked_for', 'asked for the reset of a second factor'), ('factor_reset', 'reset a second factor'), ('session_ended', 'ended a session'), ('account_changed', 'changed an account'), ('keys_rotated', 're-encrypted texts with the newest key'), ('backed_up', 'made a backup'), ('restored', 'restored a backup')], max_length=40, verbose_name='what')),
                ('reference', models.CharField(blank=True, db_index=True, max_length=12, verbose_name='request')),
                ('detail', models.CharField(blank=True, max_length=300, verbose_name='detail')),
                ('detail_digest', models.CharField(editable=False, max_length=64)),
                ('digest', models.CharField(editable=False, max_length=64, verbose_name='digest')),
            ],
            options={
                'verbose_name': 'audit event',
                'verbose_name_plural': 'audit log',
                'ordering': ['-sequence'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['actor', 'sequence'], name='audit_actor'), models.Index(fields=['action', 'sequence'], name='audit_action'), models.Index(fields=['at'], name='audit_at')],
            },
        ),
    ]
