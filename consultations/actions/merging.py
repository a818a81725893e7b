"""Merging two requests of one person, so that the patient gets one reply."""

from django.db import transaction
from django.utils.translation import gettext as _

from consultations.access import can_coordinate
from consultations.actions.staff_actions import lock, require_change_access, require_newest_seen, set_status
from consultations.exceptions import CannotBeMerged, StepNotAllowed
from consultations.models import Inquiry, Outcome, Status
from consultations.models.inquiry import OVER, OWED_A_REPLY, more_urgent
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent


@transaction.atomic
def merge(
    inquiry: Inquiry, *, into: Inquiry, by, confirmed_as_one_person: bool = False, seen: int | None = None
) -> None:
    """Closes `inquiry` as a duplicate; the patient is answered under `into`. Each keeps its own notes and messages.

    `into` becomes as urgent as the more urgent of the two and is due when the earlier one was. If it was not owed a
    reply but `inquiry` was, it is reopened. `seen` is as for `reply`.

    Requests from different e-mail addresses, or without one, are merged only by a coordinator who confirms that they
    are one person's: otherwise one patient would get a reply meant for another. A request whose patient wants no e-mail
    is not answered under one whose replies are announced by e-mail. Raises CannotBeMerged, StepNotAllowed,
    ConversationChanged and NotPermitted.
    """
    require_change_access(by, inquiry)
    require_change_access(by, into)
    # Always in the order of their keys, so that two merges of the same requests cannot deadlock.
    for each in sorted({inquiry, into}, key=lambda each: each.pk):
        lock(each)
    _require_mergeable(inquiry, into)
    has_same_address = inquiry.takes_mail and inquiry.email_index == into.email_index
    if not has_same_address and not (confirmed_as_one_person and can_coordinate(by)):
        raise CannotBeMerged(
            _(
                "%(reference)s does not come from the same e-mail address. Only an intake coordinator who knows that "
                "it is the same person can merge the two."
            )
            % {"reference": into}
        )
    require_newest_seen(inquiry, seen, by=by)
    urgency_before, status_before = into.urgency, into.status
    into.urgency = more_urgent(inquiry.urgency, into.urgency)
    # If it waits for the patient, nothing is owed yet, and nothing is passed on.
    if inquiry.status in OWED_A_REPLY:
        _pass_on_due_date(inquiry, into)
    into.save(update_fields=["urgency", "waiting_since", "due_at"])
    # Not by `change_status`: closing as a duplicate is offered only here, where the other request is known.
    set_status(inquiry, to=Status.CLOSED, outcome=Outcome.DUPLICATE)
    inquiry.merged_into = into
    inquiry.save(update_fields=["merged_into"])
    # Whatever was begun for this request is now said under the other one.
    inquiry.drafts.all().delete()
    _record_merge(inquiry, into, urgency_before, status_before, by)


def _pass_on_due_date(inquiry, into):
    """The reply that `inquiry` is waiting for is now owed under `into`, no later than before."""
    since, due = inquiry.waiting_since, inquiry.due_at
    if into.status in OWED_A_REPLY:
        since, due = min(since, into.waiting_since), min(due, into.due_at)
    else:
        set_status(into, to=Status.IN_TRIAGE)
    # A database constraint refuses a due date before the request was received.
    into.waiting_since, into.due_at = max(since, into.received_at), max(due, into.received_at)


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


def _record_merge(inquiry, into, urgency_before, status_before, by):
    action = AuditEvent.Action
    if into.urgency != urgency_before:
        detail = f"{urgency_before} → {into.urgency}"
        record(action.URGENCY_CHANGED, by=by, reference=into.reference, detail=detail)
    if into.status != status_before:
        record(action.STATUS_CHANGED, by=by, reference=into.reference, detail=f"{status_before} → {into.status}")
    # On both: each request's timeline and each patient's list of who opened it are read by reference.
    record(action.MERGED, by=by, reference=into.reference, detail=inquiry.reference)
    record(action.MERGED, by=by, reference=inquiry.reference, detail=into.reference)
