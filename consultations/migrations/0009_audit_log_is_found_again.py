from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0008_link_requests'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('submitted', 'sent the request'), ('viewed', 'opened the request'), ('story_read', 'read the story'), ('status_changed', 'changed the status'), ('assigned', 'changed the assignee'), ('urgency_changed', 'changed the urgency'), ('note_added', 'added a note'), ('replied', 'replied to the patient'), ('patient_wrote', 'wrote a message'), ('photo_added', 'added a photo'), ('photo_removed', 'removed a photo'), ('photo_viewed', 'looked at a photo'), ('access_opened', 'gave a reason to read the story'), ('glass_broken', 'broke the glass to read the story'), ('merged', 'merged with another request'), ('held', 'put a legal hold on it'), ('released', 'lifted the legal hold'), ('status_page_opened', 'opened the status page'), ('link_asked_for', 'asked for a link to the status page'), ('downloaded', 'downloaded the data'), ('consent_changed', 'changed the consent'), ('withdrawn', 'withdrew the request'), ('erased', 'erased the request'), ('purged', 'purged the request'), ('listed', 'looked at the list of requests'), ('searched', 'searched the requests'), ('dashboard_viewed', 'looked at the dashboard'), ('exported', 'exported figures'), ('audit_viewed', 'looked at the audit log'), ('chain_checked', 'checked the chain of the audit log'), ('logged_in', 'logged in'), ('logged_out', 'logged out'), ('login_failed', 'tried to log in, and failed'), ('locked_out', 'was locked out'), ('password_changed', 'changed a password'), ('factor_added', 'added a second factor'), ('factor_removed', 'removed a second factor'), ('factor_reset_asked_for', 'asked for the reset of a second factor'), ('factor_reset', 'reset a second factor'), ('session_ended', 'ended a session'), ('account_changed', 'changed an account'), ('keys_rotated', 'sealed texts anew with the newest key'), ('backed_up', 'made a backup'), ('restored', 'restored a backup')], max_length=40, verbose_name='what'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['actor', 'sequence'], name='audit_actor'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['action', 'sequence'], name='audit_action'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['at'], name='audit_at'),
        ),
    ]
