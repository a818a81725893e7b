"""Who keeps the clinical codes: authors add and change them, reviewers confirm them; only administrators could."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

AUTHOR = ["add_clinicalcode", "change_clinicalcode"]
CLINICAL_REVIEWER = ["change_clinicalcode"]


def give_permissions(apps, schema_editor):
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
        ("education", "0006_permissions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give_permissions, migrations.RunPython.noop)]
