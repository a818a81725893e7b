"""The groups of the staff, with the permissions of gutskin/accounts/roles.py, and a team that answers every topic."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from gutskin.accounts.roles import ROLES


def create_roles(apps, schema_editor):
    # Django creates the Permission rows only after all migrations; here they are needed now.
    for label in ("audit", "education", "consultations"):
        app_config = apps.get_app_config(label)
        app_config.models_module = True
        create_permissions(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        app_config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.select_related("content_type")
    by_name = {f"{each.content_type.app_label}.{each.codename}": each for each in permissions}
    for name, granted in ROLES.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        # Those on later models come with the migration after them.
        group.permissions.add(*(by_name[permission] for permission in granted if permission in by_name))


def create_team(apps, schema_editor):
    apps.get_model("consultations", "Team").objects.get_or_create(
        name="Every topic", defaults={"takes_everything": True}
    )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_head"),
        ("consultations", "0001_initial"),
        ("education", "0002_search_index"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    # Groups and team stay when the migration is undone: there are people in them.
    operations = [
        migrations.RunPython(create_roles, migrations.RunPython.noop),
        migrations.RunPython(create_team, migrations.RunPython.noop),
    ]
