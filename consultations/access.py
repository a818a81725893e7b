"""Who may read what a patient wrote. Seeing a request on the list is one thing, reading its story another."""

from consultations.models import Inquiry, StoryAccess


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
