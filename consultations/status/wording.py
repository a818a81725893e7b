"""The status of a request in words for the patient: what it is, what happens next, and by when."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Inquiry, MessageRedFlags, Outcome, Status
from consultations.red_flags import RULES
from consultations.status.answers import decrypted_or_none

HOW_IT_ENDED = {
    Outcome.ADVICE_GIVEN: _lazy("We gave you our advice in writing."),
    Outcome.APPOINTMENT: _lazy("We arranged an appointment with you."),
    Outcome.REFERRED: _lazy("We told you who else can help you."),
    Outcome.NO_REPLY: _lazy("We asked you a question and did not get an answer."),
    Outcome.NOT_FOR_US: _lazy("We are not the right people to answer it."),
}
# Advice at these levels says “now”.
AT_ONCE = {"emergency", "emergency-department"}


@dataclass(frozen=True)
class StatusDescription:
    title: str
    sentences: list[str]
    # The end of the day by which a reply was promised; None when no reply is owed.
    reply_by: datetime | None = None
    is_late: bool = False
    # Something that the patient wrote may not wait for us.
    cannot_wait: bool = False


def describe_status(inquiry: Inquiry, *, tells_signs: bool = True) -> StatusDescription:
    """Without `tells_signs`, it says nothing about warning signs: others may read the page."""
    status = DESCRIPTIONS[Status(inquiry.status)](inquiry)
    if not (inquiry.is_owed and _has_unanswered_signs(inquiry)):
        return status
    # “You do not need to do anything” would be wrong, whoever reads it.
    first = _("We are looking at it.") if inquiry.status == Status.IN_TRIAGE else status.sentences[0]
    if not tells_signs:
        return replace(status, sentences=[first])
    warning = [
        _("Something you wrote can be a sign of what should not wait, and we may not read it in time."),
        _("Please follow the advice that you were shown before you sent it."),
    ]
    return replace(status, sentences=[*warning, first], cannot_wait=True)


def _has_unanswered_signs(inquiry):
    """Has the patient written of warning signs since our last reply, or sent the request with some that mean “now”?"""
    newer_reply = inquiry.messages.filter(is_from_patient=False, pk__gt=OuterRef("message"))
    if MessageRedFlags.objects.filter(~Exists(newer_reply), message__inquiry=inquiry).exists():
        return True
    found = None if inquiry.answered_at else getattr(inquiry, "red_flags", None)
    if found is None:
        return False
    # A text whose key is missing may be about anything: rather warn in vain.
    rules = decrypted_or_none(found, "rules")
    return rules is None or any(AT_ONCE & rule.advice.keys() for rule in RULES if rule.id in rules.split(","))


def _new(inquiry):
    sentences = [_("A colleague will read it and pass it to the right clinician.")]
    return StatusDescription(_("We have your request"), sentences, inquiry.due_at, inquiry.is_overdue)


def _in_triage(inquiry):
    sentences = [_("We are looking at it. You do not need to do anything.")]
    return StatusDescription(_("We are working on your request"), sentences, inquiry.due_at, inquiry.is_overdue)


def _waiting(inquiry):
    sentences = [
        _("We have asked you a question. Please read our last message and answer it on this page."),
        _("We will carry on as soon as we have your answer."),
    ]
    return StatusDescription(_("We are waiting for you"), sentences)


def _answered(inquiry):
    sentences = [
        _("Our answer is on this page, or we gave it to you by phone."),
        _("If something in it is not clear, write to us below."),
    ]
    return StatusDescription(_("We have answered you"), sentences)


def _closed(inquiry):
    if inquiry.merged_into:
        sentences = [
            _("We are answering this request together with your other one, %(reference)s."),
            _(
                "Please open that one with its own code to read our answer. If you have lost that code, ask for a link "
                "with the e-mail address that you gave with it."
            ),
            _(
                "If you did not send %(reference)s, or cannot open it, write to us here: we then answer this request "
                "on its own again."
            ),
        ]
        sentences = [sentence % {"reference": inquiry.merged_into.reference} for sentence in sentences]
        return StatusDescription(_("We are answering two of your requests together"), sentences)
    sentences = [str(HOW_IT_ENDED[inquiry.outcome])] if inquiry.outcome in HOW_IT_ENDED else []
    sentences.append(_("If you write to us on this page, we will open it again."))
    return StatusDescription(_("Your request is closed"), sentences)


def _withdrawn(inquiry):
    return StatusDescription(
        _("This request was stopped"), [_("No one will answer it. You can send us a new one any time.")]
    )


def _spam(inquiry):
    sentences = [
        _("It looked to us like an advertisement, so no one will answer it."),
        _("If that is a mistake, we are sorry. Please call us, or send us a new request."),
    ]
    return StatusDescription(_("We have not accepted this request"), sentences)


DESCRIPTIONS = {
    Status.NEW: _new,
    Status.IN_TRIAGE: _in_triage,
    Status.WAITING_FOR_PATIENT: _waiting,
    Status.ANSWERED: _answered,
    Status.CLOSED: _closed,
    Status.WITHDRAWN: _withdrawn,
    Status.SPAM: _spam,
}
