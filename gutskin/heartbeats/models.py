import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _lazy

logger = logging.getLogger(__name__)

# What has to run, and how long ago it may have run last; None if nobody waits for it. An app adds its own in its
# AppConfig.ready().
expected: dict[str, Callable[[], timedelta | None]] = {}


class Heartbeat(models.Model):
    """When something last ran, by the clock of the database: those of the machines may differ."""

    name = models.CharField(_lazy("name"), max_length=40, primary_key=True)
    beat_at = models.DateTimeField(_lazy("last run"))

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.name


def beat(name: str) -> None:
    """Notes that it ran just now. Work that is done must not fail because this cannot be written."""
    try:
        with transaction.atomic():
            if not Heartbeat.objects.filter(name=name).update(beat_at=Now()):
                # Another process may have written the first one at the same moment.
                Heartbeat.objects.bulk_create([Heartbeat(name=name, beat_at=Now())], ignore_conflicts=True)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("That the %s ran could not be written down: %s", name, error.__class__.__name__)


def ages() -> dict[str, timedelta]:
    """How long ago each of them ran. One query."""
    rows = Heartbeat.objects.annotate(now=Now()).values_list("name", "beat_at", "now")
    return {name: now - beat_at for name, beat_at, now in rows}


def late() -> list[str]:
    """Which of the expected ones did not run in time, or never."""
    found = ages()
    limits = {name: within() for name, within in expected.items()}
    return [name for name, limit in limits.items() if limit is not None and not found.get(name, timedelta.max) <= limit]
