"""Who may read what a patient wrote. Seeing a request on the list is one thing, reading its story another."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from consultations.models import Inquiry, StoryAccess


@dataclass(frozen=True)
class RequestAccess:
    """What of one request one user has on the screen. A superuser without a reason does not even see who wrote."""

    story: bool
    contact: bool
    # Until when the reason holds that opened the story; None for those who need none.
    until: datetime | None = None


def answers(user, inquiry: Inquiry) -> bool:
    """Is this request the user's own work: assigned to them, or their team's?"""
    mine = Inquiry.objects.visible_to(user).answered_by(user)
    return user.has_perm("consultations.answer_inquiry") and mine.filter(pk=inquiry.pk).exists()


def reads_story(user, inquiry: Inquiry) -> bool:
    """Those who answer it; and for an hour whoever of the others gave a reason (StoryAccess)."""
    return answers(user, inquiry) or has_given_reason(user, inquiry)


def has_given_reason(user, inquiry: Inquiry) -> bool:
    seen = Inquiry.objects.visible_to(user).filter(pk=inquiry.pk).exists()
    return seen and StoryAccess.objects.open_now().filter(user=user, inquiry=inquiry).exists()


def access_for(user, inquiry: Inquiry) -> RequestAccess:
    """For a request that the user may see."""
    if answers(user, inquiry):
        return RequestAccess(story=True, contact=True)
    given = StoryAccess.objects.open_now().filter(user=user, inquiry=inquiry)
    until = given.values_list("ends_at", flat=True).order_by("-ends_at").first()
    return RequestAccess(story=until is not None, contact=until is not None or not user.is_superuser, until=until)


def finds_by_address(user) -> bool:
    """Whose request it is stays behind the glass for a superuser: what comes from one address tells it."""
    return not user.is_superuser


def with_contact_for(user):
    """The requests of which the user sees who wrote, as `sight_of` says it of one."""
    seen = Inquiry.objects.visible_to(user)
    if not user.is_superuser:
        return seen
    opened = StoryAccess.objects.open_now().filter(user=user)
    return seen.filter(Q(assignee=user) | Q(pk__in=opened.values("inquiry")))


def handles(user, inquiry: Inquiry) -> bool:
    """May the user change where this request stands: status, urgency, assignee?"""
    seen = Inquiry.objects.visible_to(user).filter(pk=inquiry.pk)
    return user.has_perm("consultations.change_inquiry") and seen.exists()


def coordinates(user) -> bool:
    """Steps that touch more than one's own work: legal hold, erasing, merging over different addresses."""
    return user.has_perm("consultations.view_every_inquiry") and user.has_perm("consultations.change_inquiry")


def briefs_colleagues(user) -> bool:
    """Handing over, with a word to whoever takes it, is a coordinator's work. A superuser is behind the glass."""
    return coordinates(user) and not user.is_superuser
