"""How often one address may store a request: counted in the database, where every process sees the same number."""

import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from consultations.models import RateLimit

REQUESTS_PER_HOUR = 5

UPSERT = """
    INSERT INTO {table} ("key", window_start, count) VALUES (%s, %s, 1)
    ON CONFLICT ("key") DO UPDATE SET
        count = CASE WHEN {table}.window_start = excluded.window_start THEN {table}.count + 1 ELSE 1 END,
        window_start = excluded.window_start
    RETURNING count
"""


class TooManyRequests(Exception):
    def __init__(self, again_at: datetime):
        super().__init__(f"Too many requests from one address until {again_at:%H:%M}.")
        self.again_at = again_at


def client_address(request) -> str:
    """The visitor's address; behind our own proxy, the one that the proxy saw, which stands last."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def address_key(address: str) -> str:
    """A keyed digest: the addresses of patients are not stored. One household has a whole /64 of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        parsed = None
    if parsed and parsed.version == 6:
        parsed = parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False)
    return salted_hmac("consultations.limits", str(parsed or address), algorithm="sha256").hexdigest()


def count_request(address: str) -> None:
    """Call inside the transaction that stores the request: one too many undoes it, and undone is not counted."""
    window = timezone.now().replace(minute=0, second=0, microsecond=0)
    table = connection.ops.quote_name(RateLimit._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            UPSERT.format(table=table), [address_key(address), connection.ops.adapt_datetimefield_value(window)]
        )
        count = cursor.fetchone()[0]
    if count > REQUESTS_PER_HOUR:
        raise TooManyRequests(window + timedelta(hours=1))
