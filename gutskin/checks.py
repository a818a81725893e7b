"""System checks of the platform. `migrate`, `make run` and `check --database default` run them."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Warning, register
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from gutskin.emergency_numbers import home_country
from gutskin.heartbeats.models import ages
from gutskin.proxy import UNCONFIGURED

# Where docs/deploy/nginx.conf looks for them.
NGINX_STATIC = Path("/var/www/gutskin/static")
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
        Error(
            "HTTPS is on and BEHIND_PROXY is off: every request is redirected to https, without end.",
            hint="Set BEHIND_PROXY=on, and put a proxy in front that sets X-Forwarded-Proto and X-Forwarded-For.",
            id="gutskin.E002",
        )
    ]


@register("database", deploy=True)
def check_unconfigured_proxy(app_configs=None, databases=None, **kwargs):
    """A web process that sees one leaves a note, since only requests show it."""
    if settings.BEHIND_PROXY or not databases:
        return []
    try:
        seen = ages().get(UNCONFIGURED)
    except DatabaseError:
        # Before the first migration.
        return []
    if seen is None or seen > timedelta(days=1):
        return []
    return [
        Error(
            "A proxy has passed requests on within the last day, and BEHIND_PROXY is off.",
            hint="Set BEHIND_PROXY=on if it is yours. If it is not, let nobody but your proxy reach the web process.",
            id="gutskin.E003",
        )
    ]


@register(deploy=True)
def check_digest_key(app_configs=None, **kwargs):
    """Without one of its own, SECRET_KEY cannot be changed: all receipt codes would be lost with it."""
    if settings.DIGEST_KEY != settings.SECRET_KEY:
        return []
    return [
        Warning(
            "DIGEST_KEY is not set: SECRET_KEY is used for it, and can never be changed.",
            hint="Set DIGEST_KEY before the first request arrives: another long random text. If there are requests "
            "already, set it to the present SECRET_KEY.",
            id="gutskin.W003",
        )
    ]


@register(deploy=True)
def check_static_of_nginx(app_configs=None, **kwargs):
    """If nginx cannot read them, it passes each request for one on, without a word."""
    try:
        folder = NGINX_STATIC.resolve(strict=True)
        closed = next((each for each in [*reversed(folder.parents), folder] if not is_open(each)), None)
    except OSError:
        # There is none, and the application serves them; or this user cannot see it, and cannot judge.
        return []
    if closed is None:
        return []
    return [
        Warning(
            f"nginx cannot read the static files in {NGINX_STATIC}: {closed} is closed to other users.",
            hint=f"Copy them instead of linking to them, and run `chmod -R a+rX {NGINX_STATIC}`.",
            id="gutskin.W004",
        )
    ]


def is_open(folder: Path) -> bool:
    """Whether every user may go into it."""
    return bool(folder.stat().st_mode & 0o001)


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
