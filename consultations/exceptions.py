"""Why an action on a request is refused. Each message says what the reader can do about it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Message, Note, Status
from gutskin.exceptions import ActionRefused

REPLY_NOT_ALLOWED = _lazy(
    "Only a clinician who answers this request can write to the patient. Copy your text: a colleague who answers it "
    "can send it, or assign the request to you."
)


class NotPermitted(PermissionDenied):
    """The user's role does not include this action, so no page offers it to them."""

    def __init__(self):
        super().__init__(_("Your role does not include this step."))


class StoryAccessRequired(ActionRefused):
    """The action needs the story, and the user has not given a reason to read it, or the reason has run out."""

    def __init__(self):
        super().__init__(_("The story is closed to you. Give a reason to read it first, then do this again."))


class ReplyNotAllowed(StoryAccessRequired):
    """The request is not, or no longer, the user's own work. It may have been handed over while they were writing."""

    def __init__(self):
        ActionRefused.__init__(self, REPLY_NOT_ALLOWED)


class AnswerMissing(ActionRefused):
    def __init__(self):
        super().__init__(
            _("No reply was sent since the patient last waited for one. Write how the patient was answered.")
        )


class WithdrawalUnexplained(ActionRefused):
    def __init__(self):
        super().__init__(_("Write how the patient said that they withdraw the request."))


class StepNotAllowed(ActionRefused):
    """The current status cannot be followed by the wanted one (Inquiry.next_steps)."""

    def __init__(self, current, wanted):
        labels = dict(Status.choices)
        super().__init__(
            _("A request that is “%(current)s” cannot become “%(wanted)s”.")
            % {"current": labels[current], "wanted": labels.get(wanted, wanted)}
        )


class OutcomeMissing(ActionRefused):
    def __init__(self):
        super().__init__(_("Say how the request ended, then close it."))


class CannotBeAssigned(ActionRefused):
    def __init__(self, user):
        super().__init__(_("%(user)s may not answer requests.") % {"user": user.get_username()})


class CannotAssignToSelf(CannotBeAssigned):
    """An assignee reads the story: a superuser who took a request would read it without breaking the glass."""

    def __init__(self):
        ActionRefused.__init__(
            self,
            _("You run the site and cannot take a request yourself. Break the glass, or ask a colleague to assign it."),
        )


class AssigneeChanged(ActionRefused):
    """The request was assigned to another colleague, or put back into the queue, after this page was opened."""

    def __init__(self, user):
        text = (
            _("%(name)s was given this request after you opened this page. Speak to each other, or send it again.")
            if user
            else _("This request was put back into the queue after you opened this page. Look, then send it again.")
        )
        super().__init__(text % {"name": _name_of(user)})


class RequestChanged(ActionRefused):
    """The status or the urgency is no longer the one that the user's page showed. `now` is the label of the new one."""

    def __init__(self, now):
        super().__init__(
            _("It was changed to “%(now)s” after you opened this page. Look at the request, then choose again.")
            % {"now": now}
        )


class ConversationChanged(ActionRefused):
    """The patient, a colleague, or the `reader` in another tab, wrote a message after this page was opened.

    Or a colleague wrote a note.
    """

    def __init__(self, message: Message | Note, *, reader):
        # An age and not a time of day: the reader wants to know how far behind the page is.
        age = timezone.now() - message.written_at
        ago = _("a moment ago") if age < timedelta(minutes=1) else _("%(time)s ago") % {"time": _in_words(age)}
        if isinstance(message, Note):
            text = _("%(name)s wrote a note %(ago)s, after you opened this page. Read it, then send again.")
        elif message.is_from_patient:
            text = _("The patient wrote %(ago)s, after you opened this page. Read it, then send again.")
        elif message.author == reader:
            text = _("You replied %(ago)s, perhaps in another tab, after you opened this page. Look, then send again.")
        else:
            text = _("%(name)s replied %(ago)s, after you opened this page. Read it, then send again.")
        super().__init__(text % {"ago": ago, "name": _name_of(message.author)})


def _in_words(age):
    now = timezone.now()
    return timesince(now - age, now, depth=1)


def _name_of(user):
    return (user.get_full_name() or user.get_username()) if user else ""


class CannotBeMerged(ActionRefused):
    """Raised with a message that says why."""


class OnHold(ActionRefused):
    """What staff are told; patients are told `OnLegalHold`."""

    def __init__(self):
        super().__init__(_("This request is on legal hold. It cannot be erased until the hold is lifted."))


class HoldUnchanged(ActionRefused):
    def __init__(self, *, is_held):
        super().__init__(
            _("This request is already on legal hold.") if is_held else _("This request is not on legal hold.")
        )


class ExplanationMissing(ActionRefused):
    def __init__(self):
        super().__init__(_("Explain the reason in a sentence."))
