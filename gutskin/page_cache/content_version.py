"""The version of everything that a reader can see. It changes with each change, on every process of every machine."""

import hashlib
import logging
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from gutskin.page_cache.models import ContentChange

logger = logging.getLogger(__name__)

# A request that finds another one asking goes on with a version of this age, and waits for the answer to an older one:
# in a process that nobody asked for a while, a page may have been withdrawn since.
FRESH = 0.8  # seconds
# How long it waits; after that the database counts as one that does not answer.
PATIENCE = 1.0  # seconds


class UnknownVersion(Exception):
    """The database has not told the version for longer than PAGE_CACHE_WITHOUT_DATABASE seconds."""


class Version(NamedTuple):
    # Counts the changes that this process has seen.
    number: int
    # The same in every process.
    digest: str


class ContentVersion:
    """Asks the database at most once in PAGE_CACHE_CHECK seconds.

    While it does not answer, the last version counts for PAGE_CACHE_WITHOUT_DATABASE seconds: pages that are there can
    still be read.
    """

    def __init__(self, clock=time.monotonic):
        # A clock that nobody can set back or forward.
        self._clock = clock
        self._lock = threading.Lock()
        self._version = Version(0, "")
        self._asked = self._answered = -float("inf")
        # Read here, because each look at Django's settings takes as long as finding a page.
        self._check, self._without_database = settings.PAGE_CACHE_CHECK, settings.PAGE_CACHE_WITHOUT_DATABASE

    def current(self) -> Version:
        """Raises UnknownVersion."""
        now = self._clock()
        if now - self._asked >= self._check:
            self._ask_unless_asked()
            now = self._clock()
        if now - self._answered > self._without_database:
            raise UnknownVersion
        return self._version

    def age(self) -> float:
        """For how many seconds what is new may have been missed."""
        return self._clock() - self._answered

    def _ask_unless_asked(self):
        if not self._lock.acquire(timeout=0 if self.age() < FRESH else PATIENCE):
            return
        try:
            # Whoever had the lock may have asked.
            if self._clock() - self._asked >= self._check:
                self._ask()
        finally:
            self._lock.release()

    def _ask(self):
        # The moment before the question: what is committed while the database answers is found the next time.
        asked = self._clock()
        try:
            digest = _read()
            if digest != self._version.digest:
                self._version = Version(self._version.number + 1, digest)
            self._answered = asked
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The content version cannot be read: %s", error.__class__.__name__)
        self._asked = asked


def renew() -> None:
    """Makes a version that there has never been: a restored database would bring an old one back.

    A page that was made in the moment before the process saw that version changed is kept under it.
    """
    ContentChange.objects.update_or_create(id=0, defaults={"token": str(uuid.uuid4()), "changed_at": timezone.now()})


def changes() -> list[str]:
    """The tokens of the changes that can be seen here: others if something that a reader can see has changed."""
    return list(ContentChange.objects.order_by("id").values_list("token", flat=True))


def _read() -> str:
    # As Django does it around a request: a connection that the server closed is opened again.
    close_old_connections()
    try:
        tokens = changes()
    finally:
        close_old_connections()
    # Some pages say that a date has passed, in the site's time zone or in UTC (security.txt).
    days = [timezone.localdate().isoformat(), datetime.now(UTC).date().isoformat()]
    return hashlib.sha256("\n".join(days + tokens).encode()).hexdigest()


def delete_old_changes(*, now: datetime | None = None) -> int:
    """Deletes the changes of more than a day ago, of which PostgreSQL has one row each. Returns how many."""
    old = ContentChange.objects.filter(changed_at__lt=(now or timezone.now()) - timedelta(days=1))
    newest = ContentChange.objects.order_by("-id").values("id")[:1]
    return old.exclude(id__in=newest).delete()[0]
