"""Mail that waits, by the clock of the database, which no test can set."""

from datetime import timedelta

from django.db.models import F

from gutskin.mail.models import Notification


def has_waited(minutes: int) -> None:
    """As if so many minutes had gone by for every mail: its lease and its next try come sooner."""
    time = timedelta(minutes=minutes)
    Notification.objects.update(next_try_at=F("next_try_at") - time, lease_until=F("lease_until") - time)
