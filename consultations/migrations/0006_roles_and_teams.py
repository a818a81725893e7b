from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = {
    "Intake coordinator": [
        "view_dashboard",
        "export_inquiry",
        "view_team",
        "change_team",
        "add_team",
        "view_cannedreply",
        "add_cannedreply",
        "change_cannedreply",
    ],
    "Clinician": ["answer_inquiry", "view_dashboard", "view_cannedreply", "add_cannedreply", "change_cannedreply"],
    "Privacy lead": ["view_auditevent", "view_purgecertificate", "view_dashboard"],
}


def extend_groups(apps, schema_editor):
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


def make_a_team(apps, schema_editor):
    """Until now every clinician saw what was assigned to nobody: nobody shall stop seeing it by an upgrade."""
    user = apps.get_model(*settings.AUTH_USER_MODEL.split("."))
    team, _created = apps.get_model("consultations", "Team").objects.get_or_create(
        name="Every topic", defaults={"takes_everything": True}
    )
    team.members.add(*user.objects.filter(groups__name="Clinician"))


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0005_numbers_and_codes_are_unique"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    # Groups and team stay when the migration is undone: people are in them.
    operations = [
        migrations.RunPython(extend_groups, migrations.RunPython.noop),
        migrations.RunPython(make_a_team, migrations.RunPython.noop),
    ]
