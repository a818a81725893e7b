"""Who gave a reason to read a story that was not theirs to answer. What they explained is sealed."""

from consultations.encryption import EncryptionError
from consultations.models import StoryAccess

PAGE = 50


def reasons():
    """The newest first, with nothing of a request but its reference. An explanation is fetched when it is read."""
    return StoryAccess.objects.select_related("inquiry", "user").only(
        "public_id", "reason", "given_at", "ends_at", "inquiry__reference", "user__username", "user__is_superuser"
    )


def may_read_explanations(user) -> bool:
    """The privacy lead. A superuser may be the one who has to explain."""
    return user.has_perm("consultations.view_auditevent") and not user.is_superuser


def explanation_of(access: StoryAccess) -> dict:
    """The words, or why they cannot be opened."""
    try:
        return {"text": access.explanation, "is_closed": False}
    except EncryptionError as error:
        return {"text": str(error), "is_closed": True}
