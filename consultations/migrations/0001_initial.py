
import django.db.models.deletion
import django.utils.timezone
import gutskin.encryption.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('education', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('email', gutskin.encryption.fields.EncryptedTextField(verbose_name='e-mail address')),
                ('reference', gutskin.encryption.fields.EncryptedTextField(blank=True, verbose_name='reference')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CannedReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=100, verbose_name='title')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('text', models.TextField(max_length=10000, verbose_name='text')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
            ],
            options={
                'verbose_name': 'canned reply',
                'verbose_name_plural': 'canned replies',
                'ordering': ['language', 'title'],
                'constraints': [models.UniqueConstraint(fields=('language', 'title'), name='canned_reply_title_once')],
            },
        ),
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reference', models.CharField(editable=False, max_length=12, unique=True, verbose_name='reference')),
                ('idempotency_key', models.UUIDField(editable=False, unique=True)),
                ('receipt_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('email_index', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('urgency', models.CharField(choices=[('routine', 'Routine'), ('soon', 'Soon'), ('urgent', 'Urgent')], default='routine', max_length=10, verbose_name='urgency')),
                ('status', models.CharField(choices=[('new', 'New'), ('in_triage', 'In triage'), ('waiting_for_patient', 'Waiting for patient'), ('answered', 'Answered'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn'), ('spam', 'Spam')], default='new', max_length=20, verbose_name='status')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='received')),
                ('waiting_since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='waiting since')),
                ('due_at', models.DateTimeField(verbose_name='reply due')),
                ('first_due_at', models.DateTimeField(blank=True, null=True, verbose_name='first reply was due')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='first answered')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('outcome', models.CharField(blank=True, choices=[('advice_given', 'Advice given in writing'), ('appointment', 'Appointment arranged'), ('referred', 'Referred to someone else'), ('no_reply', 'No reply from the patient'), ('duplicate', 'Answered under another request'), ('not_for_us', 'Not for us')], max_length=20, verbose_name='outcome')),
                ('held_at', models.DateTimeField(blank=True, null=True, verbose_name='on legal hold since')),
                ('name', gutskin.encryption.fields.EncryptedTextField(verbose_name='name')),
                ('email', gutskin.encryption.fields.EncryptedTextField(verbose_name='e-mail address')),
                ('phone', gutskin.encryption.fields.EncryptedTextField(blank=True, verbose_name='phone number')),
                ('preferred_contact', gutskin.encryption.fields.EncryptedTextField(verbose_name='preferred contact')),
                ('for_whom', gutskin.encryption.fields.EncryptedTextField(verbose_name='for whom')),
                ('relationship', gutskin.encryption.fields.EncryptedTextField(blank=True, verbose_name='relationship')),
                ('age_group', gutskin.encryption.fields.EncryptedTextField(verbose_name='age group')),
                ('skin_problem', gutskin.encryption.fields.EncryptedTextField(verbose_name='skin problem')),
                ('duration', gutskin.encryption.fields.EncryptedTextField(verbose_name='for how long')),
                ('gut_symptoms', gutskin.encryption.fields.EncryptedTextField(blank=True, verbose_name='gut symptoms')),
                ('gut_details', gutskin.encryption.fields.EncryptedTextField(blank=True, verbose_name='more about the gut')),
                ('tried', gutskin.encryption.fields.EncryptedTextField(blank=True, verbose_name='what was tried')),
                ('question', gutskin.encryption.fields.EncryptedTextField(verbose_name='question')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assignee')),
                ('condition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='education.article', verbose_name='topic')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='consultations.inquiry', verbose_name='merged into')),
            ],
            options={
                'verbose_name': 'request',
                'verbose_name_plural': 'requests',
                'ordering': ['-received_at'],
                'permissions': [('view_every_inquiry', 'Can view every request, without its story'), ('answer_inquiry', 'Can read and answer the requests of their teams'), ('view_dashboard', 'Can view the dashboard'), ('export_inquiry', 'Can export the figures of the dashboard')],
                'default_permissions': ('view', 'change'),
                'indexes': [
                    models.Index(fields=['status', 'due_at'], name='inquiry_queue'),
                    models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_at', 'status', 'received_at', 'urgency', 'assignee', 'condition'], name='inquiry_open'),
                    models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['-closed_at', 'assignee', 'condition'], name='inquiry_over'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['new', 'in_triage', 'waiting_for_patient', 'answered', 'closed', 'withdrawn', 'spam'])), name='inquiry_status_is_known'),
                    models.CheckConstraint(condition=models.Q(('urgency__in', ['routine', 'soon', 'urgent'])), name='inquiry_urgency_is_known'),
                    models.CheckConstraint(condition=models.Q(('reference__startswith', 'GS-')), name='inquiry_has_a_reference'),
                    models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('received_at'))), name='inquiry_due_after_received'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('status__in', ['closed', 'withdrawn', 'spam'])), models.Q(models.Q(('status__in', ['closed', 'withdrawn', 'spam']), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='inquiry_over_has_its_moment'),
                    models.CheckConstraint(condition=models.Q(('outcome', ''), ('outcome__in', ['advice_given', 'appointment', 'referred', 'no_reply', 'duplicate', 'not_for_us']), _connector='OR'), name='inquiry_outcome_is_known'),
                    models.CheckConstraint(condition=models.Q(('outcome', ''), ('status', 'closed'), _connector='OR'), name='inquiry_outcome_only_when_closed'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'answered'), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='inquiry_answered_has_its_moment'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=40, verbose_name='purpose')),
                ('version', models.CharField(max_length=20, verbose_name='version of the wording')),
                ('wording', models.TextField(verbose_name='wording')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='given')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='consultations.inquiry')),
            ],
            options={
                'default_permissions': (),
                'constraints': [
                    models.UniqueConstraint(fields=('inquiry', 'purpose'), name='consent_once_per_purpose'),
                    models.CheckConstraint(condition=models.Q(models.Q(('wording', ''), _negated=True), models.Q(('version', ''), _negated=True)), name='consent_has_its_words'),
                    models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('withdrawn_at__gte', models.F('given_at')), _connector='OR'), name='consent_withdrawn_after_given'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('draft_key', models.UUIDField(db_index=True, editable=False, null=True)),
                ('content', gutskin.encryption.fields.EncryptedBinaryField(verbose_name='photo')),
                ('media_type', models.CharField(default='image/jpeg', max_length=20, verbose_name='type')),
                ('width', models.PositiveIntegerField(verbose_name='width in pixels')),
                ('height', models.PositiveIntegerField(verbose_name='height in pixels')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('upload_digest', models.CharField(editable=False, max_length=64)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='added')),
                ('inquiry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='consultations.inquiry')),
            ],
            options={
                'ordering': ['added_at', 'pk'],
                'default_permissions': (),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('inquiry__isnull', False), ('draft_key__isnull', False), _connector='OR'), name='attachment_belongs_somewhere'),
                    models.UniqueConstraint(fields=('inquiry', 'upload_digest'), name='attachment_once_per_inquiry'),
                    models.UniqueConstraint(condition=models.Q(('inquiry__isnull', True)), fields=('draft_key', 'upload_digest'), name='attachment_once_per_draft'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('idempotency_key', models.UUIDField(editable=False, unique=True)),
                ('is_from_patient', models.BooleanField(verbose_name='from the patient')),
                ('text', gutskin.encryption.fields.EncryptedTextField(verbose_name='message')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='consultations.inquiry')),
            ],
            options={
                'ordering': ['written_at', 'pk'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('author__isnull', True), ('is_from_patient', True)), models.Q(('author__isnull', False), ('is_from_patient', False)), _connector='OR'), name='message_has_one_author')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', gutskin.encryption.fields.EncryptedTextField(verbose_name='note')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='consultations.inquiry')),
            ],
            options={
                'ordering': ['-written_at', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='consultations.inquiry')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('inquiry', 'user'), name='presence_once')],
            },
        ),
        migrations.CreateModel(
            name='PurgeCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('cause', models.CharField(choices=[('retention', 'its retention period ended'), ('patient', 'the patient asked for it')], max_length=20, verbose_name='why')),
                ('counts', models.JSONField(default=dict, verbose_name='what')),
                ('references', models.JSONField(default=list, verbose_name='requests')),
            ],
            options={
                'verbose_name': 'certificate of erasure',
                'verbose_name_plural': 'certificates of erasure',
                'ordering': ['-at', '-pk'],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(('cause__in', ['retention', 'patient'])), name='purge_certificate_cause_is_known')],
            },
        ),
        migrations.CreateModel(
            name='QueuePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordering', models.CharField(blank=True, max_length=40, verbose_name='order of the queue')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RateLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True, verbose_name='keyed digest of the address')),
                ('window_start', models.DateTimeField(verbose_name='hour')),
                ('count', models.PositiveIntegerField(verbose_name='times in this hour')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='ratelimit_counts_something')],
            },
        ),
        migrations.CreateModel(
            name='RedFlagResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('rules', gutskin.encryption.fields.EncryptedTextField(verbose_name='warning signs')),
                ('version', models.CharField(max_length=20, verbose_name='version of the rules')),
                ('acknowledged_at', models.DateTimeField(verbose_name='advice acknowledged')),
                ('inquiry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='red_flags', to='consultations.inquiry')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StatusPass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('link', 'link by mail'), ('visit', 'visit')], max_length=10, verbose_name='purpose')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='used or ended')),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='status_passes', to='consultations.inquiry')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['ends_at'], name='status_pass_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ['link', 'visit'])), name='status_pass_purpose_is_known')],
            },
        ),
        migrations.CreateModel(
            name='StoryAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reason', models.CharField(choices=[('urgency', 'To judge how urgent it is'), ('assignment', 'To find the right colleague'), ('patient_called', 'The patient called or wrote about it'), ('complaint', 'A complaint or a legal question'), ('fault', 'A technical fault with this request'), ('other', 'Another reason, explained below')], max_length=20, verbose_name='reason')),
                ('explanation', gutskin.encryption.fields.EncryptedTextField(blank=True, verbose_name='explanation')),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='given')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='story_accesses', to='consultations.inquiry')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-given_at', '-pk'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('given_at'))), name='story_access_ends_after_it_began')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('takes_everything', models.BooleanField(default=False, help_text='Including requests about other topics. At least one team should.', verbose_name='takes every request')),
                ('members', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='members')),
                ('topics', models.ManyToManyField(blank=True, help_text='This team answers requests about these pages.', related_name='+', to='education.article', verbose_name='topics')),
            ],
            options={
                'verbose_name': 'team',
                'verbose_name_plural': 'teams',
                'ordering': ['name'],
            },
        ),
    ]
