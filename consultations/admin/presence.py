"""Presence: which colleagues have the same request open, and whether there is a message that the page does not show."""

from django.contrib import messages
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from consultations import actions
from consultations.actions.staff_actions import require_newest_seen
from consultations.admin.conversation import full_name
from consultations.models import Inquiry
from gutskin.audit.models import AuditEvent


def others_present(inquiry: Inquiry, user) -> list[dict]:
    """Returns the colleagues who have the page open now, and since when."""
    present = inquiry.presences.there_now().exclude(user=user).select_related("user").order_by("pk")
    colleagues = [presence.user for presence in present]
    since = _opened_at(inquiry, [colleague.get_username() for colleague in colleagues]) if colleagues else {}
    return [{"name": full_name(colleague), "since": since.get(colleague.get_username())} for colleague in colleagues]


def _opened_at(inquiry, usernames):
    """When each of them last opened the page. A presence row says only when it was last renewed."""
    views = AuditEvent.objects.about(inquiry.reference)
    views = views.filter(action=AuditEvent.Action.VIEWED, actor__in=usernames)
    return {event.actor: event.at for event in views.order_by("sequence")}


def newest_message(inquiry: Inquiry) -> int:
    """Returns the primary key that a form of this page sends back as `seen`; 0 if there is no message."""
    return inquiry.messages.order_by("-pk").values_list("pk", flat=True).first() or 0


def presence_step(model_admin, request, inquiry):
    """Answers the page's script, which asks every minute (static/js/inquiry-page.js)."""
    actions.record_presence(inquiry, by=request.user)
    context = {
        "others": others_present(inquiry, request.user),
        # Even the user's own, from another tab: a reply would be refused.
        "has_message": _has_newer(inquiry.messages, _seen(request.POST, "seen")),
        "has_note": _has_newer(inquiry.notes.exclude(author=request.user), _seen(request.POST, "seen_note")),
    }
    return TemplateResponse(request, "admin/consultations/inquiry/_presence.html", context)


def warn_of_unread(request, inquiry) -> None:
    """Warns who wrote while a reply was being typed. Any step reloads the page, after which the reply can be sent."""
    if not request.POST.get("reply-text", "").strip():
        return
    try:
        require_newest_seen(inquiry, _seen(request.POST, "seen"), _seen(request.POST, "seen_note"), by=request.user)
    except actions.ConversationChanged as change:
        messages.warning(request, _("Your reply is not sent yet.") + f" {change}")


def _has_newer(written, seen):
    return seen is not None and written.filter(pk__gt=seen).exists()


def _seen(posted, name):
    """The key of the newest message or note on the posted page; None for what is no number of a row."""
    seen = posted.get(name, "")
    return int(seen) if seen.isdecimal() and len(seen) < 19 else None
