"""Interventions become rows that clinicians keep. Statements get numbers, recommendations, searches; articles, actions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The choices that the column had until now, so that the statements that are there have their row.
NAMES = {
    "gut-link": "Link with the gut",
    "probiotics": "Probiotics",
    "prebiotics-and-synbiotics": "Prebiotics and synbiotics",
    "leaving-foods-out": "Leaving foods out",
    "anti-inflammatory-eating": "Anti-inflammatory eating, weight and glycaemic load",
    "low-fodmap": "Low-FODMAP eating",
    "careful-antibiotic-use": "Careful antibiotic use",
    "stool-transplant": "Stool transplant",
}


def add_rows(apps, schema_editor):
    intervention = apps.get_model("education", "Intervention")
    intervention.objects.bulk_create(
        intervention(slug=slug, name=name, position=10 * place) for place, (slug, name) in enumerate(NAMES.items(), 1)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0007_indexes_of_a_large_site'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EvidenceNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(help_text='For example: Eczema became milder', max_length=160, verbose_name='what was counted or measured')),
                ('who', models.CharField(blank=True, help_text='For example: Children under 5 with eczema', max_length=200, verbose_name='who took part')),
                ('with_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='people with it')),
                ('without_count', models.PositiveIntegerField(blank=True, help_text='Leave it empty if nobody was compared with them.', null=True, verbose_name='people without it')),
                ('out_of', models.PositiveIntegerField(blank=True, choices=[(100, '100'), (1000, '1,000'), (10000, '10,000')], help_text='Where you can, the same on every statement about a condition.', null=True, verbose_name='out of')),
                ('low', models.PositiveIntegerField(blank=True, help_text='The 95% interval of the people with it.', null=True, verbose_name='at least')),
                ('high', models.PositiveIntegerField(blank=True, null=True, verbose_name='at most')),
                ('with_label', models.CharField(blank=True, help_text='For example: on one probiotic', max_length=80, verbose_name='name of those with it')),
                ('without_label', models.CharField(blank=True, help_text='For example: on placebo', max_length=80, verbose_name='name of those without it')),
                ('difference', models.CharField(blank=True, help_text='For example: 3 to 4 points lower', max_length=120, verbose_name='difference on a scale')),
                ('interval_words', models.CharField(blank=True, max_length=120, verbose_name='interval of the difference')),
                ('scale', models.CharField(blank=True, help_text='For example: 0 to 103', max_length=80, verbose_name='scale')),
                ('noticeable', models.CharField(blank=True, help_text='For example: about 9 points', max_length=120, verbose_name='what people notice')),
                ('after', models.CharField(blank=True, help_text='For example: 12 weeks', max_length=60, verbose_name='after how long')),
                ('is_harm', models.BooleanField(default=False, verbose_name='a harm')),
                ('worked_out', models.TextField(blank=True, help_text='For colleagues. Readers do not see it.', verbose_name='how it was worked out')),
            ],
            options={
                'verbose_name': 'number',
                'verbose_name_plural': 'numbers',
                'ordering': ['statement', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Intervention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Part of addresses and of the downloads.', max_length=40, unique=True, verbose_name='short name')),
                ('name', models.CharField(help_text='As the rows of the evidence map show it.', max_length=80, verbose_name='name')),
                ('plain_name', models.CharField(blank=True, help_text='What it is, for a reader who does not know.', max_length=200, verbose_name='in plain words')),
                ('position', models.PositiveSmallIntegerField(default=1000, help_text='Rows of the map are in the order of these numbers.', verbose_name='position')),
                ('loaded_digest', models.CharField(blank=True, editable=False, max_length=64)),
            ],
            options={
                'verbose_name': 'intervention',
                'verbose_name_plural': 'interventions',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='evidencestatement',
            name='certainty_unless_nothing_was_found',
        ),
        migrations.AddField(
            model_name='article',
            name='actions',
            field=models.TextField(blank=True, help_text='What readers can do themselves: one thing on each line, the most useful first.', verbose_name='what you can do'),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='certainty_beneath',
            field=models.CharField(blank=True, choices=[('high', 'High'), ('moderate', 'Moderate'), ('low', 'Low'), ('very-low', 'Very low')], help_text='Of the evidence on which the recommendation rests, if whoever recommends it has rated it.', max_length=20, verbose_name='certainty beneath'),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='direction',
            field=models.CharField(blank=True, choices=[('for', 'For'), ('against', 'Against'), ('neither', 'Neither for nor against')], max_length=8, verbose_name='direction'),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='recommended_by',
            field=models.CharField(blank=True, help_text='With the year, as readers should see it.', max_length=200, verbose_name='who recommends'),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='search_by',
            field=models.CharField(blank=True, max_length=120, verbose_name='who looked'),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='search_date',
            field=models.DateField(blank=True, null=True, verbose_name='day of the search'),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='search_nearest',
            field=models.TextField(blank=True, verbose_name='nearest thing found'),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='search_read',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='records read'),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='search_where',
            field=models.CharField(blank=True, max_length=300, verbose_name='where we looked'),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='search_words',
            field=models.TextField(blank=True, help_text='Exactly as typed, one search on each line.', verbose_name='words we looked for'),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='shown_numbers',
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='staff_note',
            field=models.TextField(blank=True, help_text='What is still to be checked. Readers do not see it.', verbose_name='note for colleagues'),
        ),
        migrations.AddField(
            model_name='evidencestatement',
            name='strength',
            field=models.CharField(blank=True, help_text='In the words of whoever recommends it.', max_length=120, verbose_name='strength'),
        ),
        migrations.AddField(
            model_name='revision',
            name='actions',
            field=models.JSONField(default=list, verbose_name='what you can do'),
        ),
        migrations.AlterField(
            model_name='evidencestatement',
            name='effect',
            field=models.CharField(choices=[('better', 'Helps'), ('worse', 'Makes worse'), ('little-or-no-difference', 'Little or no difference'), ('unclear', 'Unclear'), ('link', 'A link, not a treatment effect'), ('no-trials', 'We found no trials'), ('no-good-evidence', 'We found no good evidence'), ('recommendation', 'A guideline advises')], max_length=30, verbose_name='effect'),
        ),
        migrations.AddField(
            model_name='evidencenumber',
            name='source',
            field=models.ForeignKey(help_text='The paper that holds this number.', on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='education.reference', verbose_name='source'),
        ),
        migrations.AddField(
            model_name='evidencenumber',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='numbers', to='education.evidencestatement'),
        ),
        migrations.AddField(
            model_name='intervention',
            name='therapy',
            field=models.ForeignKey(blank=True, help_text='The page that explains it, if there is one.', limit_choices_to={'kind': 'therapy'}, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interventions', to='education.article', verbose_name='therapy page'),
        ),
        migrations.RunPython(add_rows, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='evidencestatement',
            name='intervention',
            field=models.ForeignKey(db_column='intervention', on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='education.intervention', to_field='slug', verbose_name='intervention'),
        ),
        migrations.AddConstraint(
            model_name='evidencestatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('certainty', ''), ('effect__in', ['no-trials', 'no-good-evidence', 'recommendation'])), models.Q(models.Q(('effect__in', ['no-trials', 'no-good-evidence', 'recommendation']), _negated=True), models.Q(('certainty', ''), _negated=True)), _connector='OR'), name='certainty_of_effects_that_have_one'),
        ),
        migrations.AddConstraint(
            model_name='evidencestatement',
            constraint=models.CheckConstraint(condition=models.Q(('effect', 'recommendation'), models.Q(('certainty_beneath', ''), ('direction', ''), ('recommended_by', '')), _connector='OR'), name='only_a_recommendation_is_recommended_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='evidencenumber',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('difference', ''), ('out_of__isnull', False), ('with_count__isnull', False)), models.Q(('out_of__isnull', True), ('with_count__isnull', True), ('without_count__isnull', True), ('high__isnull', True), ('low__isnull', True), models.Q(('difference', ''), _negated=True)), _connector='OR'), name='number_is_people_or_a_difference'),
        ),
        migrations.AddConstraint(
            model_name='evidencenumber',
            constraint=models.CheckConstraint(condition=models.Q(('out_of__isnull', True), models.Q(('with_count__lte', models.F('out_of')), models.Q(('without_count__isnull', True), ('without_count__lte', models.F('out_of')), _connector='OR')), _connector='OR'), name='number_of_people_is_not_above_all'),
        ),
        migrations.AddConstraint(
            model_name='evidencenumber',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('high__isnull', True), ('low__isnull', True)), models.Q(('high__gte', models.F('with_count')), ('high__lte', models.F('out_of')), ('low__lte', models.F('with_count'))), _connector='OR'), name='number_lies_in_its_interval'),
        ),
    ]
