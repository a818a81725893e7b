"""Evidence statements among the results, and synonyms that clinicians keep.

SearchDocument is altered, so the full-text index beside it is taken down first and put up again after
(0002_search_index says why).
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

index = import_module("education.migrations.0002_search_index")


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0004_living_knowledge'),
    ]

    operations = [
        migrations.RunPython(index.remove, index.create),
        migrations.CreateModel(
            name='SynonymGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Español'), ('ar', 'العربية')], default='en', max_length=5, verbose_name='language')),
                ('names', models.TextField(help_text='One on each line. A name may be several words, which then have to stand side by side.', verbose_name='words for the same thing')),
                ('loaded_digest', models.CharField(blank=True, editable=False, max_length=64)),
            ],
            options={
                'verbose_name': 'search synonyms',
                'verbose_name_plural': 'search synonyms',
                'ordering': ['language', 'names'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='searchdocument',
            name='document_is_of_one_thing',
        ),
        migrations.AddField(
            model_name='searchdocument',
            name='statement',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, to='education.evidencestatement'),
        ),
        migrations.AlterField(
            model_name='searchdocument',
            name='subject',
            field=models.CharField(choices=[('overview', 'Overview'), ('mechanism', 'How it works'), ('condition', 'Skin conditions'), ('therapy', 'Treatments and habits'), ('evidence', 'What was tested'), ('glossary', 'Glossary')], max_length=20),
        ),
        migrations.AlterField(
            model_name='searchdocument',
            name='title',
            field=models.CharField(max_length=400),
        ),
        migrations.AddConstraint(
            model_name='searchdocument',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('article__isnull', False), ('statement__isnull', True), ('term__isnull', True)), models.Q(('article__isnull', True), ('statement__isnull', True), ('term__isnull', False)), models.Q(('article__isnull', True), ('statement__isnull', False), ('term__isnull', True)), _connector='OR'), name='document_is_of_one_thing'),
        ),
        migrations.RunPython(index.create, index.remove),
    ]
