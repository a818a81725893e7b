from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('education', '0003_indexes_of_public_lists'),
    ]

    operations = [
        migrations.AddField(
            model_name='reference',
            name='posted',
            field=models.DateField(blank=True, help_text='For preprints, which have several versions.', null=True, verbose_name='posted on'),
        ),
        migrations.AlterField(
            model_name='reference',
            name='container_title',
            field=models.CharField(blank=True, help_text='For a chapter, its book; for a web page, its site; for a preprint, its server.', max_length=200, verbose_name='journal'),
        ),
        migrations.AlterField(
            model_name='reference',
            name='type',
            field=models.CharField(choices=[('article-journal', 'Journal article'), ('article', 'Preprint'), ('book', 'Book'), ('chapter', 'Chapter of a book'), ('report', 'Guideline or report'), ('webpage', 'Web page')], default='article-journal', max_length=20, verbose_name='type'),
        ),
    ]
