"""System checks of the platform. `migrate`, `make run` and `check --database default` run them."""

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Warning, register
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from gutskin.emergency_numbers import home_country

PACKAGES = {"gutskin", "education", "consultations"}


@register("database")
def check_migration_history(app_configs=None, databases=None, **kwargs):
    """Was the database made by another version? Without this, `migrate` fails with InconsistentMigrationHistory.

    The migrations were reset before 1.0, so an older database has applied some that no longer exist.
    """
    unknown = [name for alias in databases or [] for name in unknown_migrations(applied_migrations(connections[alias]))]
    if not unknown:
        return []
    return [
        Error(
            "The database was made by another version of GutSkin: it has migrations that this version does not know "
            f"({', '.join(unknown[:3])}{', …' if len(unknown) > 3 else ''}).",
            hint="Databases from before 1.0 cannot be upgraded: move the old one away (var/gutskin.sqlite3, or what "
            "DATABASE_URL names) and start with an empty one. If a newer version made it, install that version.",
            id="gutskin.E001",
        )
    ]


@register(deploy=True)
def check_proxy(app_configs=None, **kwargs):
    """The site itself speaks plain http, so HTTPS needs a proxy in front."""
    if not settings.HTTPS or settings.BEHIND_PROXY:
        return []
    return [
        Warning(
            "HTTPS is on and BEHIND_PROXY is off: every request is redirected to https, without end.",
            hint="Set BEHIND_PROXY=on, and put a proxy in front that sets X-Forwarded-Proto and X-Forwarded-For.",
            id="gutskin.W001",
        )
    ]


@register
def check_country(app_configs=None, **kwargs):
    """Without a number of its own country, the site says “your local emergency number”."""
    if home_country() is not None:
        return []
    return [
        Warning(
            "COUNTRY names no country for which we have a confirmed emergency number or crisis line.",
            hint="Pages say “your local emergency number” instead. The countries are those of "
            "gutskin/emergency_numbers.toml, by their code of two letters, for example GB.",
            id="gutskin.W002",
        )
    ]


def applied_migrations(connection) -> list[str]:
    """`app.name` of each migration that was applied to this database. One query."""
    return sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())


def missing_migrations(connection) -> list[str]:
    """`app.name` of each migration that has still to be applied, in their order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def unknown_migrations(names: Iterable[str]) -> list[str]:
    """Those of the migrations, each given as `app.name`, that are ours and that no file on the disk defines.

    Only our own are compared, because libraries may squash theirs between two versions.
    """
    ours = {config.label for config in apps.get_app_configs() if config.name.partition(".")[0] in PACKAGES}
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    known = {".".join(key) for key in migrations}
    for migration in migrations.values():
        known.update(".".join(key) for key in migration.replaces)
    return sorted(name for name in names if name.partition(".")[0] in ours and name not in known)
