"""Rate limiting (throttling): how often one address may do something in an hour of the clock.

Counted in the database, where every process sees the same number. The limits are in gutskin/limits.py. A visitor whose
address only the proxy knows is not counted (gutskin/proxy.py): otherwise a few would use up what all have.
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.models import Q
from django.http import HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _lazy

from gutskin.proxy import UNKNOWN

# One statement: two requests at the same moment cannot both read the old count.
UPSERT = """
    INSERT INTO {table} ("key", window_start, count) VALUES (%s, %s, %s)
    ON CONFLICT ("key") DO UPDATE SET
        count = CASE WHEN {table}.window_start = excluded.window_start THEN {table}.count ELSE 0 END + excluded.count,
        window_start = excluded.window_start
    RETURNING count
"""


class AddressCount(models.Model):
    """The count of one address in the hour that began at `window_start`. Each app has a table of its own."""

    key = models.CharField(_lazy("keyed digest of the address"), max_length=64, unique=True)
    window_start = models.DateTimeField(_lazy("hour"))
    count = models.PositiveIntegerField(_lazy("times in this hour"))

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(count__gte=1), name="%(class)s_counts_something")]

    def __str__(self):
        return f"{self.key[:8]} {self.count}"


class TooManyRequests(Exception):
    def __init__(self, again_at: datetime):
        super().__init__(f"Too many requests from one address until {again_at:%H:%M}.")
        self.again_at = again_at

    def apply_to(self, response: HttpResponse) -> HttpResponse:
        """The page that says so, as a 429 with the seconds until `again_at` in Retry-After (RFC 9110)."""
        response.status_code = 429
        response.headers["Retry-After"] = str(int((self.again_at - timezone.now()).total_seconds()) + 1)
        return response


def address_key(address: str, salt: str, *, prefix: int = 64) -> str:
    """A keyed digest, so that no address is stored. An IPv6 address counts as its /64, which is one household."""
    parsed = _parsed(address)
    if parsed and parsed.version == 6:
        parsed = parsed.ipv4_mapped or ipaddress.ip_network((parsed, prefix), strict=False)
    return salted_hmac(salt, str(parsed or address), algorithm="sha256").hexdigest()


def check_limit(
    counts: type[AddressCount], address: str, *, at_most: int, purpose: str = "", times_per_48: int = 0
) -> None:
    """Raises TooManyRequests if more than `at_most` were counted in this hour, and counts nothing.

    That takes a caller that counts outside a transaction, so that the count stays when `increment_or_raise` raises, or
    one that counts by `increment`. `times_per_48` as there.
    """
    window = _this_hour()
    over = Q(pk=None)
    for key, limit in _limits_of(counts, address, at_most, purpose, times_per_48):
        over |= Q(key=key, count__gt=limit)
    if counts.objects.filter(over, window_start=window).exists():
        raise TooManyRequests(window + timedelta(hours=1))


def increment_or_raise(
    counts: type[AddressCount], address: str, *, at_most: int, purpose: str = "", times_per_48: int = 0
) -> None:
    """Counts one more in this hour, or raises TooManyRequests. `purpose` separates counts in one table.

    Call it in the transaction that stores what is counted: when it raises, both are rolled back, so that an attempt
    that was refused does not count.

    `times_per_48`: how many times as many may come from all addresses of an IPv6 network (/48), which anyone can rent;
    0 for no such limit.
    """
    window = _this_hour()
    for key, limit in _limits_of(counts, address, at_most, purpose, times_per_48):
        if _increment(counts, key, window, 1) > limit:
            raise TooManyRequests(window + timedelta(hours=1))


@dataclass
class Tried:
    is_right: bool = False


@contextmanager
def count_unless_right(counts: type[AddressCount], address: str, *, at_most: int, purpose: str = "") -> Iterator[Tried]:
    """Counts a secret that is tried, unless the block sets `is_right`. Raises TooManyRequests, even for a right one.

    Counted before it is compared: of many tries at the same moment, no more than `at_most` are compared.
    """
    tried = Tried()
    with transaction.atomic():
        increment_or_raise(counts, address, at_most=at_most, purpose=purpose)
        yield tried
        # To before the count: the block only reads.
        transaction.set_rollback(tried.is_right)


def increment(
    counts: type[AddressCount], address: str, *, amount: int, purpose: str = "", times_per_48: int = 0
) -> None:
    """Counts what has been done already, whatever the limit: the next one is stopped by `check_limit`."""
    window = _this_hour()
    for key, _limit in _limits_of(counts, address, 0, purpose, times_per_48):
        _increment(counts, key, window, amount)


def _limits_of(counts, address, at_most, purpose, times_per_48):
    if address == UNKNOWN:
        return []
    salt = counts._meta.label + purpose
    limits = [(address_key(address, salt), at_most)]
    parsed = _parsed(address)
    if times_per_48 and parsed and parsed.version == 6 and not parsed.ipv4_mapped:
        limits.append((address_key(address, salt, prefix=48), at_most * times_per_48))
    return limits


def _parsed(address):
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def _increment(counts, key, window, amount):
    table = connection.ops.quote_name(counts._meta.db_table)
    with connection.cursor() as cursor:
        window = connection.ops.adapt_datetimefield_value(window)
        cursor.execute(UPSERT.format(table=table), [key, window, amount])
        return cursor.fetchone()[0]


def _this_hour():
    return timezone.now().replace(minute=0, second=0, microsecond=0)
