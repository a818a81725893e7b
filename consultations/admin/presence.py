"""Who else has the same request open, told to the second."""

from django.template.response import TemplateResponse

from consultations import actions
from consultations.admin.timeline import opened_at
from consultations.models import Inquiry


def others_at(inquiry: Inquiry, user) -> list[dict]:
    """Colleagues who have the page open now, and since when."""
    there = inquiry.presences.there_now().exclude(user=user).select_related("user").order_by("pk")
    colleagues = [presence.user for presence in there]
    since = opened_at(inquiry, [colleague.get_username() for colleague in colleagues]) if colleagues else {}
    return [
        {"name": colleague.get_full_name() or colleague.get_username(), "since": since.get(colleague.get_username())}
        for colleague in colleagues
    ]


def newest_message(inquiry: Inquiry) -> int:
    """The number that a form of this page brings back, so that nobody answers past what came meanwhile. 0: none."""
    return inquiry.messages.order_by("-pk").values_list("pk", flat=True).first() or 0


def presence_step(model_admin, request, inquiry):
    """A sign of life from the page's script; the answer is who else is there and whether something new was written."""
    actions.arrive(inquiry, by=request.user)
    seen = request.POST.get("seen", "")
    newer = inquiry.messages.exclude(author=request.user)
    context = {
        "others": others_at(inquiry, request.user),
        "is_stale": seen.isdecimal() and len(seen) < 19 and newer.filter(pk__gt=int(seen)).exists(),
    }
    return TemplateResponse(request, "admin/consultations/inquiry/_presence.html", context)
