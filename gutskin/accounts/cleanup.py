"""Clean-up: which rows of ended sessions, old counts and old lockouts can be deleted, and when.

Who logged in and who was refused stays in the audit log.
"""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from gutskin.accounts.models import FactorReset, Invitation, LoginCount

COUNTS_KEPT_FOR = timedelta(days=1)
ATTEMPTS_KEPT_FOR = timedelta(days=30)


def outdated_rows() -> list[QuerySet]:
    """Rows that can be deleted: ended sessions, old counts, failed attempts, resets of factors, and invitations."""
    now = timezone.now()
    # Not while a lockout still depends on them.
    attempts = {"attempt_time__lt": now - max(ATTEMPTS_KEPT_FOR, settings.AXES_COOLOFF_TIME)}
    live = Session.objects.filter(expire_date__gte=now)
    return [
        Session.objects.filter(expire_date__lt=now),
        # Only those of more than a day ago: a newer one may belong to a login whose session is not stored yet.
        UserSession.objects.filter(created_at__lt=now - COUNTS_KEPT_FOR).exclude(
            session_key__in=live.values("session_key")
        ),
        LoginCount.objects.filter(window_start__lt=now - COUNTS_KEPT_FOR),
        FactorReset.objects.filter(asked_at__lt=now - ATTEMPTS_KEPT_FOR),
        Invitation.objects.filter(invited_at__lt=now - ATTEMPTS_KEPT_FOR),
        *(model.objects.filter(**attempts) for model in (AccessAttempt, AccessFailureLog, AccessLog)),
    ]
