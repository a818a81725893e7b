"""Actions on accounts: ending sessions, and the reset of a second factor (2fa) by two people."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gutskin import limits
from gutskin.accounts.lockout import login_address
from gutskin.accounts.models import FactorReset
from gutskin.accounts.session_store import stored_key
from gutskin.accounts.story_rights import tell_privacy_leads
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent
from gutskin.exceptions import ActionRefused


class ResetRefused(ActionRefused):
    """These people may not do this reset. The message is a sentence that says why."""


def remember_session(request) -> None:
    """Lists the session of this request among those of its user. Call it when the session has been given a new key."""
    longest = UserSession._meta.get_field("user_agent").max_length
    UserSession.objects.get_or_create(
        session_key=stored_key(request.session.session_key),
        defaults={
            "user": request.user,
            "ip": login_address(request),
            "user_agent": request.headers.get("User-Agent", "")[:longest],
        },
    )


def end_sessions(user, *, keep: str | None = None) -> int:
    """Logs a user out everywhere except in the session with the key `keep`. Returns how many sessions ended."""
    ended = UserSession.objects.filter(user_id=user.pk).exclude(session_key=keep and stored_key(keep))
    keys = list(ended.values_list("session_key", flat=True))
    count = Session.objects.filter(session_key__in=keys).delete()[0]
    ended.delete()
    return count


@transaction.atomic
def end_other_sessions(user, *, keep: str, action: AuditEvent.Action, detail: str = "") -> None:
    """After a change of password or factors, so that no session remains that was opened with the old ones."""
    end_sessions(user, keep=keep)
    record(action, by=user, detail=detail)


@transaction.atomic
def end_session(session: UserSession, *, by) -> None:
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()
    record(AuditEvent.Action.SESSION_ENDED, by=by)


@transaction.atomic
def request_reset(user, *, reason: str, by) -> FactorReset:
    """The first of two people asks for the reset. Raises ResetRefused."""
    if user.pk == by.pk:
        raise ResetRefused(_("Two other people have to reset your second factor."))
    _require_established(by)
    if not Authenticator.objects.filter(user=user).exists():
        raise ResetRefused(_("This person has no second factor that could be reset."))
    if FactorReset.objects.waiting().filter(user=user).exists():
        raise ResetRefused(_("This reset has already been requested and is waiting for a second person."))
    reset = FactorReset.objects.create(user=user, reason=reason, asked_by=by.get_username())
    record(AuditEvent.Action.FACTOR_RESET_ASKED_FOR, by=by, detail=f"account {user.get_username()}")
    return reset


@transaction.atomic
def approve_reset(reset: FactorReset, *, by) -> None:
    """The second of two people approves: factors are deleted and sessions end. Raises ResetRefused."""
    reset = FactorReset.objects.select_for_update().get(pk=reset.pk)
    if reset.user_id == by.pk:
        raise ResetRefused(_("Two other people have to reset your second factor."))
    if reset.asked_by == by.get_username():
        raise ResetRefused(_("You requested this reset yourself. A second person has to approve it."))
    _require_established(by)
    if not reset.is_waiting:
        raise ResetRefused(_("This reset is over: it was already approved, or no one approved it within 24 hours."))
    reset.approved_by, reset.approved_at = by.get_username(), timezone.now()
    reset.save(update_fields=["approved_by", "approved_at"])
    delete_factors(reset.user, by=by)


def _require_established(user):
    """Otherwise one person could be both: with an account, or a factor of a colleague, that was made for this."""
    before = timezone.now() - limits.RESETS_ONLY_AFTER
    factors = Authenticator.objects.filter(user=user, created_at__lte=before)
    if user.date_joined > before or not factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        raise ResetRefused(
            _(
                "Your account or your second factor is newer than 24 hours, so you cannot take part in a reset yet. "
                "Ask a colleague."
            )
        )


@transaction.atomic
def delete_factors(user, *, by) -> None:
    """Deletes every factor and recovery code of this user, and tells the privacy lead.

    `by` is a user, or SYSTEM for a command.
    """
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    tell_privacy_leads(record(AuditEvent.Action.FACTOR_RESET, by=by, detail=f"account {user.get_username()}"))
