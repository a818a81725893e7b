"""The proxy in front: whose request it passes on, and a proxy that nobody told us about (BEHIND_PROXY).

What is counted for each address must never be counted for a proxy: to it, all visitors are one.
"""

import ipaddress
import logging
import re
import time

from django.conf import settings
from django.http import HttpRequest

from gutskin.heartbeats.models import beat

logger = logging.getLogger(__name__)

# A visitor on the internet can send these too, but does not come from an address of our own network.
FORWARDING = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_X_FORWARDED_PROTO")
# Some proxies add the visitor's port.
WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](:\d+)?|(?P<v4>[\d.]+):\d+")
UNKNOWN = ""
# The name under which `check --deploy` finds that one was seen.
UNCONFIGURED = "unconfigured_proxy"
WARN_INTERVAL = 60 * 60  # seconds
_warn_after: dict[str, float] = {}


def client_address(request: HttpRequest) -> str:
    """The visitor's address, or UNKNOWN if only a proxy knows it. What is UNKNOWN is not counted: rate_limits.py."""
    peer = request.META.get("REMOTE_ADDR", "")
    if not settings.BEHIND_PROXY and not is_unconfigured_proxy(request):
        return peer
    # The last one: the proxy appends it, and whatever is before it was written by the client.
    claimed = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    with_port = WITH_PORT.fullmatch(claimed)
    address = (with_port["v6"] or with_port["v4"]) if with_port else claimed
    if _parsed(address):
        return address
    _warn("visitor", "The proxy does not say in X-Forwarded-For who the visitor is: limits per address do not count.")
    return UNKNOWN


def is_unconfigured_proxy(request: HttpRequest) -> bool:
    """Whether another program on this machine or in our own network passed the request on, and BEHIND_PROXY is off."""
    if settings.BEHIND_PROXY or not any(name in request.META for name in FORWARDING):
        return False
    peer = _parsed(request.META.get("REMOTE_ADDR", ""))
    # None: a Unix socket.
    return peer is None or not peer.is_global


class UnconfiguredProxyMiddleware:
    """Warns in the log, and leaves a note for `check --deploy`. Goes first, and so sees what is redirected."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if is_unconfigured_proxy(request) and _warn(
            UNCONFIGURED,
            "A proxy passes requests on, and BEHIND_PROXY is off: set BEHIND_PROXY=on if that proxy is yours.",
        ):
            beat(UNCONFIGURED)
        return self.get_response(request)


def _warn(about, sentence) -> bool:
    if time.monotonic() < _warn_after.get(about, 0):
        return False
    _warn_after[about] = time.monotonic() + WARN_INTERVAL
    logger.warning(sentence)
    return True


def _parsed(address):
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None
