"""Who may see a request, read what the patient wrote, and change it. Seeing it in the list is not reading its story.

Each function asks the database again: a permission or a reason may have ended since the page was opened.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from consultations.models import Inquiry, StoryAccess

# A user who gains one of these can read stories: at once, after giving a reason, or by assigning requests or choosing
# who is in a team. The privacy lead is told (gutskin/accounts/story_rights.py).
LEADS_TO_STORIES = {
    "consultations.view_inquiry",
    "consultations.view_every_inquiry",
    "consultations.answer_inquiry",
    "consultations.change_inquiry",
    "consultations.add_team",
    "consultations.change_team",
}


@dataclass(frozen=True)
class RequestAccess:
    """What one user sees of one request. A superuser who has given no reason does not even see who wrote it."""

    story: bool
    contact: bool
    # When the reason that opened the story runs out; None for those who need no reason.
    until: datetime | None = None
    reply: bool = False


def can_answer(user, inquiry: Inquiry) -> bool:
    """Is this request the user's own work: assigned to them or to a team of theirs?"""
    # For a clinician, visible_to(user) would repeat the conditions of answered_by(user).
    may = user.has_perm("consultations.view_inquiry") and user.has_perm("consultations.answer_inquiry")
    return may and Inquiry.objects.answered_by(user).filter(pk=inquiry.pk).exists()


def can_reply(user, inquiry: Inquiry) -> bool:
    """May the user write to the patient? A patient takes a reply for the word of a clinician.

    So it takes the permission to answer and the request as one's own work. A reason that opens the story to a
    coordinator or a superuser is for reading; they can write notes for colleagues.
    """
    return can_answer(user, inquiry) and user.has_perm("consultations.change_inquiry")


def can_read_story(user, inquiry: Inquiry) -> bool:
    """True for those who answer the request, and for an hour for others who gave a reason (StoryAccess)."""
    return can_answer(user, inquiry) or has_given_reason(user, inquiry)


def has_given_reason(user, inquiry: Inquiry) -> bool:
    """True while a reason of this user is valid and the request is still visible to them."""
    visible = Inquiry.objects.visible_to(user).filter(pk=inquiry.pk).exists()
    return visible and StoryAccess.objects.open_now().filter(user=user, inquiry=inquiry).exists()


def access_for(user, inquiry: Inquiry) -> RequestAccess:
    """Returns what this user sees of a request. The caller has checked that the request is visible to them."""
    if can_answer(user, inquiry):
        return RequestAccess(story=True, contact=True, reply=user.has_perm("consultations.change_inquiry"))
    # Reasons may overlap: the one that lasts longest counts.
    given = StoryAccess.objects.open_now().filter(user=user, inquiry=inquiry)
    until = given.values_list("ends_at", flat=True).order_by("-ends_at").first()
    return RequestAccess(story=until is not None, contact=until is not None or not user.is_superuser, until=until)


def can_search_by_email(user) -> bool:
    """A superuser may not: finding the requests of one address would reveal who wrote them."""
    return not user.is_superuser


def contact_visible_to(user):
    """Returns the requests whose sender this user may see; `access_for` answers the same question about one request."""
    visible = Inquiry.objects.visible_to(user)
    if not user.is_superuser:
        return visible
    opened = StoryAccess.objects.open_now().filter(user=user)
    return visible.filter(Q(assignee=user) | Q(pk__in=opened.values("inquiry")))


def can_change(user, inquiry: Inquiry) -> bool:
    """May the user change the status, urgency and assignee of this request?"""
    visible = Inquiry.objects.visible_to(user).filter(pk=inquiry.pk)
    return user.has_perm("consultations.change_inquiry") and visible.exists()


def can_coordinate(user) -> bool:
    """May the user take steps beyond their own work: legal hold, erasing, merging requests from different addresses?"""
    return user.has_perm("consultations.view_every_inquiry") and user.has_perm("consultations.change_inquiry")


def can_brief_colleagues(user) -> bool:
    """May the user add a note with a step, such as handing over, to a request whose story is closed to them?

    Coordinators work on requests that they cannot read. A superuser who has given no reason may not write into one.
    """
    return can_coordinate(user) and not user.is_superuser
