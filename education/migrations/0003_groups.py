"""The groups Author and Clinical reviewer. Neither has anything to do with requests for a consultation."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

AUTHOR = [
    "view_article",
    "add_article",
    "change_article",
    "view_carecard",
    "add_carecard",
    "change_carecard",
    "delete_carecard",
    "view_revision",
    "view_evidencestatement",
    "add_evidencestatement",
    "change_evidencestatement",
    "view_reference",
    "add_reference",
    "change_reference",
    "view_glossaryterm",
    "add_glossaryterm",
    "change_glossaryterm",
    "view_clinicalcode",
    "view_clinician",
]
CLINICAL_REVIEWER = [
    "view_article",
    "view_carecard",
    "view_revision",
    "view_review",
    "view_evidencestatement",
    "view_reference",
    "view_glossaryterm",
    "view_clinicalcode",
    "view_clinician",
    "review_revision",
    "withdraw_article",
]


def make_groups(apps, schema_editor):
    # Permissions are made after all migrations; the groups need them now.
    education = apps.get_app_config("education")
    education.models_module = True
    create_permissions(education, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    education.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in (("Author", AUTHOR), ("Clinical reviewer", CLINICAL_REVIEWER)):
        group, _created = Group.objects.get_or_create(name=name)
        permissions = Permission.objects.filter(content_type__app_label="education", codename__in=codenames)
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("education", "0002_search_index"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
