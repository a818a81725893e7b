"""Session timeout: a session of staff ends after 15 idle minutes, and after eight hours in any case.

Django has a setting for only one of the two. So each session stores when it began and when it was last active.
"""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gutskin.accounts.session_store import stored_key
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent

# Where staff work. A session means nothing anywhere else.
GUARDED = ("/admin/", "/accounts/")
BEGAN, SEEN = "began_at", "seen_at"
# Written at most this often: each time is a write to the database.
WRITE_EVERY_SECONDS = 60


def begin(session, now: float | None = None) -> None:
    """Starts the clock of this session. Called at login."""
    session[BEGAN] = session[SEEN] = int(now or time.time())


def seconds_left(request: HttpRequest) -> int:
    """Seconds until the session ends if nothing more is done in it."""
    return max(0, int(min(_ends(request)) - time.time()))


def ends_anyway(request: HttpRequest) -> bool:
    """Is the next limit to be reached the absolute one, which activity does not extend?"""
    when_idle, in_any_case = _ends(request)
    return in_any_case <= when_idle


def _ends(request):
    session = request.session
    # A session that did not come through our login has no clock, and no time left.
    return (
        session.get(SEEN, 0) + settings.SESSION_IDLE_SECONDS,
        session.get(BEGAN, 0) + settings.SESSION_COOKIE_AGE,
    )


class SessionTimeoutMiddleware:
    """Touches sessions of staff only: other pages have none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(GUARDED) and request.user.is_authenticated:
            self._check_the_clock(request)
        return self.get_response(request)

    @staticmethod
    def _check_the_clock(request):
        session = request.session
        if seconds_left(request) == 0:
            messages.info(request, _end(request))
        elif _is_activity(request) and time.time() - session[SEEN] >= WRITE_EVERY_SECONDS:
            session[SEEN] = int(time.time())


@transaction.atomic
def _end(request):
    """Ends the session. Returns the sentence that says why."""
    why = _("You were logged out because nothing was done here for a while. Please log in again.")
    if ends_anyway(request):
        why = _("You were logged out because a login lasts eight hours at most. Please log in again.")
    user = request.user
    UserSession.objects.filter(session_key=stored_key(request.session.session_key)).delete()
    logout(request)
    record(AuditEvent.Action.LOGGED_OUT, by=user, detail="time ran out")
    return why


def _is_activity(request):
    """False for background requests of scripts, except the one that reports key presses and clicks."""
    # Browsers send "empty" for fetch(), and "document" for a page that the user asked for. An old browser without the
    # header keeps the session open.
    reports_activity = request.method == "POST" and request.path_info == settings.STILL_HERE_PATH
    return reports_activity or request.headers.get("Sec-Fetch-Dest") != "empty"
