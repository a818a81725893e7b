"""Who is told when an account gains a way to patients' stories: the privacy lead, by mail, in the same transaction.

Without this, a superuser could make a second account, give it a role, and read stories through it without breaking
the glass (docs/decisions/0028). Which permissions lead to a story is decided by the app that has the stories.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from gutskin.accounts.roles import PRIVACY_LEAD
from gutskin.audit.hash_chain import DETAIL_CHARACTERS, record
from gutskin.audit.models import AuditEvent
from gutskin.mail.kinds import MailKind, register
from gutskin.mail.outbox import queue_mail

MAIL = register(
    MailKind(
        "story_rights",
        _lazy("Notice to the privacy lead that someone gained a way to stories"),
        templates="accounts/mail/story_rights",
        # An event of the audit log: it names accounts, roles and references, never what anyone wrote.
        context=lambda event: {"event": event},
    )
)
SUPERUSER = "superuser"
READ_AUDIT_LOG = "audit.view_auditevent"
# An account with one of these can give itself, through another account, every permission. Each app adds its own in
# AppConfig.ready.
leads_to_stories = {"auth.add_user", "auth.change_user", "auth.add_group", "auth.change_group"}


def privacy_leads() -> set[str]:
    """The addresses of the active accounts in the group Privacy lead."""
    leads = get_user_model().objects.filter(groups__name=PRIVACY_LEAD, is_active=True).exclude(email="")
    return set(leads.values_list("email", flat=True))


def privacy_addresses() -> list[str]:
    """Never empty: someone is told even before a privacy lead has been named."""
    if settings.PRIVACY_EMAIL:
        return [settings.PRIVACY_EMAIL]
    return sorted(privacy_leads()) or [settings.INTAKE_EMAIL]


@dataclass(frozen=True)
class PrivacyWatch:
    """Who looks after privacy: the addresses that are told, and the privacy leads who can read the audit log."""

    told: frozenset[str]
    readers: frozenset[str]


def privacy_watch() -> PrivacyWatch:
    """As the database has it now. A change that may alter it calls this before, and `record_changed_watch` after."""
    users = get_user_model().objects.with_perm(READ_AUDIT_LOG, backend="django.contrib.auth.backends.ModelBackend")
    readers = users.filter(is_staff=True, groups__name=PRIVACY_LEAD).values_list("username", flat=True)
    return PrivacyWatch(frozenset(privacy_leads() | set(privacy_addresses())), frozenset(readers))


def story_rights(user) -> set[str]:
    """What this account has that leads to a story, as the database has it now. One query."""
    if not (user.is_active and user.is_staff):
        return set()
    # Not get_all_permissions(): a superuser has them all, but can be assigned requests only as a clinician.
    given = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    names = {f"{app}.{name}" for app, name in given.values_list("content_type__app_label", "codename")}
    return names & leads_to_stories | ({SUPERUSER} if user.is_superuser else set())


def tell_privacy_leads(event: AuditEvent, *, also: Iterable[str] = ()) -> None:
    """Queues the mail about an event of the audit log, to `also` as well.

    It comes after the event, which locks the end of the log. That is safe, since adding a row waits for no lock.
    """
    for address in sorted({*privacy_addresses(), *also}):
        queue_mail(MAIL.name, about=event, to=address, language=settings.LANGUAGE_CODE)


def record_widening(about: str, gained: Iterable[str], *, by, before: PrivacyWatch | None = None) -> None:
    """Records that `about` gained something that leads to stories, and tells the privacy leads. Does nothing if not.

    `before` is given if the same change may alter who is told: then those who were told until now get this mail too.
    """
    names = sorted(gained)
    if not names:
        return
    detail = f"{about}: {', '.join(names)}"
    # One event and one mail, however long the list: ACCOUNT_CHANGED has all of it.
    if len(detail) > DETAIL_CHARACTERS:
        detail = f"{detail[: DETAIL_CHARACTERS - 2]} …"
    event = record(AuditEvent.Action.STORY_RIGHTS_GAINED, by=by, detail=detail)
    tell_privacy_leads(event, also=_told_of_the_change(before) if before else ())


def record_changed_watch(about: str, before: PrivacyWatch, *, by) -> None:
    """Tells those who looked after privacy `before` and those who do now, if they are not the same.

    Whatever the change was: another address, another role, a deactivated account, a permission. Otherwise a superuser
    could become the one who is told, or the only one, without anyone else hearing of it.
    """
    if also := _told_of_the_change(before):
        tell_privacy_leads(record(AuditEvent.Action.PRIVACY_LEAD_CHANGED, by=by, detail=about), also=also)


def _told_of_the_change(before):
    """Everyone told before or after it; empty if nothing about who looks after privacy has changed."""
    after = privacy_watch()
    return before.told | after.told if before != after else frozenset()
