"""What logins leave behind, and for how long. The audit log keeps who came and who was refused."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from gutskin.accounts.models import FactorReset, LoginCount

COUNTS_KEPT_FOR = timedelta(days=1)
TRIES_KEPT_FOR = timedelta(days=30)


def outdated_rows() -> list[QuerySet]:
    """Rows that can be deleted: sessions that ended, old counts, wrong tries, and resets of factors."""
    now = timezone.now()
    # Not before a lockout is over that they stand for.
    tries = {"attempt_time__lt": now - max(TRIES_KEPT_FOR, settings.AXES_COOLOFF_TIME)}
    live = Session.objects.filter(expire_date__gte=now)
    return [
        Session.objects.filter(expire_date__lt=now),
        # Where somebody was logged in. None of a day ago is in the making, with its session not stored yet.
        UserSession.objects.filter(created_at__lt=now - COUNTS_KEPT_FOR).exclude(
            session_key__in=live.values("session_key")
        ),
        LoginCount.objects.filter(window_start__lt=now - COUNTS_KEPT_FOR),
        FactorReset.objects.filter(asked_at__lt=now - TRIES_KEPT_FOR),
        *(model.objects.filter(**tries) for model in (AccessAttempt, AccessFailureLog, AccessLog)),
    ]
