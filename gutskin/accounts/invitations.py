"""Inviting a new member of staff by mail to choose a password, which no colleague ever knows."""

import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from gutskin import limits
from gutskin.accounts.models import Invitation
from gutskin.accounts.story_rights import record_widening, story_rights
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent
from gutskin.encryption.digests import keyed_digest
from gutskin.exceptions import ActionRefused
from gutskin.mail.kinds import MailKind, register
from gutskin.mail.outbox import queue_mail


class InvitationRefused(ActionRefused):
    """This account cannot be invited. The message is a sentence that says why."""


@transaction.atomic
def invite(user, *, by, again: bool = False) -> None:
    """Queues a mail with a link to choose a password. Earlier links stop working. Raises InvitationRefused.

    `again` tells the privacy lead, as a password that a superuser sets does: the address of the account may be another
    one than when it got its role.
    """
    if user.has_usable_password():
        raise InvitationRefused(_("This person has a password already."))
    if not user.is_active or not user.email:
        raise InvitationRefused(_("The account is not active, or has no e-mail address."))
    Invitation.objects.filter(user=user).delete()
    invitation = Invitation.objects.create(user=user, email=user.email, invited_by=by.get_username())
    queue_mail(MAIL.name, about=invitation, to=user.email, language=settings.LANGUAGE_CODE)
    about = f"account {user.get_username()}"
    record(AuditEvent.Action.ACCOUNT_CHANGED, by=by, detail=f"{about}: invited")
    if again and story_rights(user):
        record_widening(about, ["invited again"], by=by)


def find_invitation(token: str) -> Invitation | None:
    """The invitation whose link has this secret, if it can still be used."""
    # Looked up by the digest, so the database never compares secrets, which could leak them through timing.
    found = Invitation.objects.valid().filter(digest=_digest(token)).select_related("user").first()
    return found if found and found.user.is_active and found.user.email == found.email else None


@transaction.atomic
def accept_invitation(invitation: Invitation, password: str) -> bool:
    """Sets the password and uses the invitation up. False if that has happened already."""
    # The update decides: of two clicks at the same time, only one changes the row.
    if Invitation.objects.valid().filter(pk=invitation.pk).update(used_at=timezone.now()) != 1:
        return False
    user = invitation.user
    user.set_password(password)
    user.save(update_fields=["password"])
    record(AuditEvent.Action.PASSWORD_CHANGED, by=user, detail="invitation")
    return True


@admin.action(description=_lazy("Invite the chosen people again"), permissions=["change"])
def send_invitations(model_admin, request, queryset):
    """An action of the list of accounts, for links that were lost or are too old."""
    invited = 0
    for user in queryset.order_by("pk"):
        try:
            invite(user, by=request.user, again=True)
        except InvitationRefused as refusal:
            messages.error(request, f"{user}: {refusal}")
        else:
            invited += 1
    if invited:
        words = ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", invited)
        messages.success(request, words % {"count": invited})


def _with_link(invitation):
    """The context of the mail. None, so that it is not sent, if the person has got a password in another way."""
    if invitation.user.has_usable_password():
        return None
    # Made when the mail is sent, so that no table holds the secret and its time starts then.
    token = secrets.token_urlsafe(32)
    invitation.digest, invitation.ends_at = _digest(token), timezone.now() + limits.INVITATION_LASTS
    invitation.save(update_fields=["digest", "ends_at"])
    return {"invitation": invitation, "query": urlencode({"key": token})}


def _digest(token):
    return keyed_digest("invitation", token)


MAIL = register(
    MailKind(
        "invitation", _lazy("Invitation to a member of staff"), templates="accounts/mail/invitation", context=_with_link
    )
)
