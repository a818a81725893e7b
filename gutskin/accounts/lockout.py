"""Lockout after failed logins.

Five wrong passwords or codes for one user name from one address lock out that pair for half an hour: django-axes
counts them in the database. A wrong code counts like a wrong password, since allauth's own limits are in the cache,
and each process may have its own. Two counts of ours lock out until the next full hour: all logins from one address,
and all wrong codes for one user.
"""

import ipaddress
from datetime import timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gutskin import limits
from gutskin.accounts.models import LoginCount
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent
from gutskin.proxy import client_address
from gutskin.rate_limits import TooManyRequests, check_limit, increment_or_raise


def login_address(request: HttpRequest) -> str:
    """The visitor's address, in a form that an address column of PostgreSQL accepts.

    A household has a whole /64 of IPv6, so all of it counts as its first address.
    """
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return "0.0.0.0"  # noqa: S104  stored, not listened on
    if address.version == 6:
        address = address.ipv4_mapped or ipaddress.IPv6Address(int(address) >> 64 << 64)
    return str(address)


def counted_name(request: HttpRequest, credentials: dict | None) -> str:
    """The name under which axes counts: a digest, because people type passwords into the wrong field.

    The database treats "Carla" and "carla" as the same user, so the count does too.
    """
    typed = (credentials or {}).get("username") or ""
    return salted_hmac("accounts.lockout", typed.strip().casefold(), algorithm="sha256").hexdigest()


def is_locked_out(request: HttpRequest, username: str) -> bool:
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def count_login(request: HttpRequest) -> None:
    """Counts one more attempt to log in from this address. Raises TooManyRequests."""
    increment_or_raise(LoginCount, client_address(request), at_most=limits.LOGINS_PER_HOUR, purpose="login")


def count_wrong_code(request: HttpRequest, user) -> None:
    """Counts like a wrong password of this user. At the fifth, axes locks out and answers instead of the view."""
    AxesProxyHandler.user_login_failed(
        sender=count_wrong_code, credentials={"username": user.get_username()}, request=request
    )
    try:
        increment_or_raise(LoginCount, str(user.pk), at_most=limits.WRONG_CODES_PER_HOUR, purpose="codes")
    except TooManyRequests as error:
        _lock_out(request, user, error)
    record_failure(request, user.get_username(), "wrong code")


def refuse_if_locked_out(request: HttpRequest, user) -> None:
    """For forms that take a code: raises ValidationError, and axes answers with the lockout page."""
    try:
        check_limit(LoginCount, str(user.pk), at_most=limits.WRONG_CODES_PER_HOUR, purpose="codes")
    except TooManyRequests as error:
        _lock_out(request, user, error)
    else:
        request.axes_locked_out = is_locked_out(request, user.get_username())
    if request.axes_locked_out:
        raise ValidationError(_("Too many wrong attempts. Please wait."))


def _lock_out(request, user, error):
    """Too many wrong codes, from any number of addresses. If axes locks out too, the later end applies."""
    if is_locked_out(request, user.get_username()):
        error = TooManyRequests(max(error.again_at, timezone.now() + settings.AXES_COOLOFF_TIME))
    request.axes_locked_out, request.too_many_codes = True, error


def record_failure(request: HttpRequest, actor: str, detail: str) -> None:
    """Records one event: a failed login, or the one that led to the lockout."""
    is_last = getattr(request, "axes_locked_out", False)
    record(AuditEvent.Action.LOCKED_OUT if is_last else AuditEvent.Action.LOGIN_FAILED, by=actor, detail=detail)


def locked_out(request: HttpRequest, response=None, credentials=None) -> HttpResponse:
    """The lockout page, 429. It is the same for a user name that exists and for one that does not."""
    if too_many := getattr(request, "too_many_codes", None):
        return too_many.apply_to(render(request, "accounts/locked_out.html", {"again_at": too_many.again_at}))
    minutes = int(settings.AXES_COOLOFF_TIME / timedelta(minutes=1))
    page = render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)
    page.headers["Retry-After"] = str(minutes * 60)
    return page
