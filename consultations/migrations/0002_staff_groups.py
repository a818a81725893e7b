from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = {
    "Intake coordinator": ["view_inquiry", "change_inquiry", "view_every_inquiry"],
    "Clinician": ["view_inquiry", "change_inquiry"],
}


def make_groups(apps, schema_editor):
    # Django makes the Permission rows only after all migrations; here they are needed now.
    app_config = apps.get_app_config("consultations")
    app_config.models_module = True
    create_permissions(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app_config.models_module = None
    group = apps.get_model("auth", "Group")
    permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group.objects.get_or_create(name=name)[0].permissions.add(
            *permission.objects.filter(content_type__app_label="consultations", codename__in=codenames)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    # The groups stay when the migration is undone: people are in them.
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
