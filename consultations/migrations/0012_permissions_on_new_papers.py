"""The permissions of gutskin/accounts/roles.py on two new models. On others, a site may have changed them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from gutskin.accounts.roles import ROLES

MODELS = ("evidencequestion", "newpaper")


def grant(apps, schema_editor):
    # Django creates the Permission rows only after all migrations; here they are needed now.
    app_config = apps.get_app_config("education")
    app_config.models_module = True
    create_permissions(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app_config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="education", content_type__model__in=MODELS
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        granted = ROLES[group.name]
        group.permissions.add(*(each for each in permissions if f"education.{each.codename}" in granted))


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0011_counted_figures"),
        ("education", "0010_evidence_watch"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
