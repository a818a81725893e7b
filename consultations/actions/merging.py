"""Merging two requests of one person, so that the patient gets one reply."""

from django.db import transaction
from django.utils.translation import gettext as _

from consultations.access import access_for, can_coordinate
from consultations.actions.conversation import tell_patient
from consultations.actions.staff_actions import (
    lock,
    require_assignable,
    require_change_access,
    require_newest_seen,
    set_status,
)
from consultations.exceptions import CannotBeAssigned, CannotBeMerged, StepNotAllowed
from consultations.forms.choices import ContactBy
from consultations.models import Inquiry, Note, Outcome, Status
from consultations.models.choices import OVER, OWED_A_REPLY, more_urgent
from consultations.status.answers import decrypted_or_none
from gutskin.accounts.story_rights import tell_privacy_leads
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent

# In the detail of an audit event; in words in audit_details.py.
OTHER_ADDRESS = "other_address"


@transaction.atomic
def merge(
    inquiry: Inquiry,
    *,
    into: Inquiry,
    by,
    confirmed_as_one_person: bool = False,
    how_known: str = "",
    seen: int | None = None,
    seen_note: int | None = None,
) -> list[Inquiry]:
    """Closes `inquiry` as a duplicate; the patient is answered under `into`. Each keeps its own notes and messages.

    `into` becomes as urgent as the more urgent of the two and is due when the earlier one was. If it was not owed a
    reply but `inquiry` was, it is reopened. If no one has it, whoever has `inquiry` gets it. Drafts about `inquiry`
    stay: they are in no other place, and are shown if it is reopened. `seen` and `seen_note` are as for `reply`.

    Requests from different e-mail addresses, or without one, are merged only by a coordinator who confirms that they
    are one person's and says how they know: otherwise one patient would get a reply meant for another. `how_known`
    becomes a note of both, and both addresses get a mail. A request whose patient wants no e-mail is not answered under
    one whose replies are announced by e-mail. Returns the requests whose patient is mailed. Raises CannotBeMerged,
    StepNotAllowed, ConversationChanged and NotPermitted.
    """
    require_change_access(by, inquiry)
    require_change_access(by, into)
    # Always in the order of their keys, so that two merges of the same requests cannot deadlock.
    for each in sorted({inquiry, into}, key=lambda each: each.pk):
        lock(each)
    _require_mergeable(inquiry, into)
    is_other_address = not (inquiry.takes_mail and inquiry.email_index == into.email_index)
    if is_other_address:
        _require_one_person(inquiry, into, by, is_confirmed=confirmed_as_one_person and bool(how_known))
    require_newest_seen(inquiry, seen, seen_note, by=by)
    before = {name: getattr(into, name) for name in ("urgency", "status", "assignee_id")}
    into.urgency = more_urgent(inquiry.urgency, into.urgency)
    # If it waits for the patient, nothing is owed yet, and nothing is passed on.
    if inquiry.status in OWED_A_REPLY:
        _pass_on_due_date(inquiry, into)
    _pass_on_assignee(inquiry, into, by)
    into.save(update_fields=["urgency", "waiting_since", "due_at", "assignee"])
    # Not by `change_status`: closing as a duplicate is offered only here, where the other request is known.
    set_status(inquiry, to=Status.CLOSED, outcome=Outcome.DUPLICATE)
    inquiry.merged_into = into
    inquiry.save(update_fields=["merged_into"])
    # What was answered under this one is answered there too: no one follows a chain.
    inquiry.merged.update(merged_into=into)
    told = _tell_both(inquiry, into, how_known, by) if is_other_address else []
    _record_changes(into, before, by)
    _record_merge(inquiry, into, by, is_other_address=is_other_address)
    return told


def _require_one_person(inquiry, into, by, *, is_confirmed):
    if not can_coordinate(by):
        text = _(
            "%(reference)s does not come from the same e-mail address. Only an intake coordinator who knows that it is "
            "the same person can merge the two."
        )
    elif not (access_for(by, inquiry).contact and access_for(by, into).contact):
        text = _(
            "%(reference)s does not come from the same e-mail address. You cannot see who wrote, so you cannot merge "
            "them."
        )
    elif not is_confirmed:
        text = _(
            "%(reference)s does not come from the same e-mail address. If both are from the same person, tick the box "
            "and say how you know."
        )
    else:
        return
    raise CannotBeMerged(text % {"reference": into})


def _tell_both(inquiry, into, how_known, by):
    for each in (inquiry, into):
        Note.objects.create(inquiry=each, author=by, text=how_known)
    # A patient who wants no e-mail about one of them wants no mail that names it either, whichever mailbox it goes to.
    if not (inquiry.takes_mail and into.takes_mail):
        return []
    return [each for each in (inquiry, into) if _wants_mail(each) and tell_patient(each, "merged_notice")]


def _wants_mail(inquiry):
    """False as well if the address cannot be decrypted: that must not stop the merge."""
    by_phone = decrypted_or_none(inquiry, "preferred_contact") == ContactBy.PHONE
    return not by_phone and bool(decrypted_or_none(inquiry, "email"))


def _pass_on_due_date(inquiry, into):
    """The reply that `inquiry` is waiting for is now owed under `into`, no later than before."""
    since, due = inquiry.waiting_since, inquiry.due_at
    if into.status in OWED_A_REPLY:
        since, due = min(since, into.waiting_since), min(due, into.due_at)
    else:
        set_status(into, to=Status.IN_TRIAGE)
    # A database constraint refuses a due date before the request was received.
    into.waiting_since, into.due_at = max(since, into.received_at), max(due, into.received_at)


def _pass_on_assignee(inquiry, into, by):
    """Otherwise no one is told when the patient writes under `into`. A colleague who has left counts as no one."""
    if inquiry.assignee is None or (into.assignee and into.assignee.is_active):
        return
    try:
        require_assignable(inquiry.assignee, by)
    except CannotBeAssigned:
        return
    into.assignee = inquiry.assignee


def _require_mergeable(inquiry, into):
    if inquiry == into:
        raise CannotBeMerged(_("A request cannot be merged with itself."))
    if inquiry.status in OVER:
        raise StepNotAllowed(inquiry.status, Status.CLOSED)
    if into.status in OVER:
        # No one would answer either of them. This also keeps two requests from being merged into each other.
        raise CannotBeMerged(
            _("%(reference)s is over. Open that one again first, or the patient will not be answered.")
            % {"reference": into}
        )
    if into.takes_mail and not inquiry.takes_mail:
        raise CannotBeMerged(
            _(
                "The patient wants no e-mail about %(inquiry)s, and replies under %(into)s are announced by e-mail. "
                "Merge %(into)s into %(inquiry)s instead, or ask the patient."
            )
            % {"inquiry": inquiry, "into": into}
        )


def _record_changes(into, before, by):
    action, about = AuditEvent.Action, {"by": by, "reference": into.reference}
    if into.urgency != before["urgency"]:
        record(action.URGENCY_CHANGED, detail=f"{before['urgency']} → {into.urgency}", **about)
    if into.status != before["status"]:
        record(action.STATUS_CHANGED, detail=f"{before['status']} → {into.status}", **about)
    if into.assignee_id != before["assignee_id"]:
        event = record(action.ASSIGNED, detail=into.assignee.get_username(), **about)
        # As in `assign`.
        if by.is_superuser:
            tell_privacy_leads(event)


def _record_merge(inquiry, into, by, *, is_other_address):
    action = AuditEvent.Action
    # On both: each request's timeline and each patient's list of who opened it are read by reference.
    for each, other in ((into, inquiry), (inquiry, into)):
        detail = f"{other.reference} → {OTHER_ADDRESS}" if is_other_address else other.reference
        event = record(action.MERGED, by=by, reference=each.reference, detail=detail)
        # Whoever answers `into` reads `inquiry` from now on. It may be a second account of theirs.
        if each == inquiry and by.is_superuser:
            tell_privacy_leads(event)
        if is_other_address:
            record(action.NOTE_ADDED, by=by, reference=each.reference)
