"""What a reviewer decides about a revision: approve it, ask for changes, or call it back before its day."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education import pemat as pemat_p
from education import publication_rules
from education.actions.publication import log_change, publish
from education.actions.schedule import format_local, require_future
from education.due_dates import next_due
from education.models import Clinician, Decision, Kind, Review, Revision, RevisionState
from gutskin.exceptions import ActionRefused


@transaction.atomic
def approve(revision, *, by, reason="", pemat=None, publish_at: datetime | None = None):
    """Publishes exactly this revision, signed by the reviewer's clinician record, and sets both review dates.

    `pemat` maps each item of PEMAT-P to its answer (see education/pemat.py), or is None. With `publish_at`, an aware
    datetime in the future, the revision is scheduled; the review dates still count from today. Returns the revision.

    Raises ActionRefused if it is not waiting for review, if `by` contributed to it or has no clinician record, or if a
    source has since been flagged.
    """
    if publish_at is not None:
        require_future(publish_at)
    revision, clinician = _lock_for_decision(revision, by)
    # Checked at submission too, but a source may have been flagged since then.
    if problems := publication_rules.approval_problems(revision):
        raise ActionRefused(*problems)
    # The local date of the site, as the page prints it.
    today = timezone.localdate()
    due = due_if_approved(revision)
    Review.objects.create(
        revision=revision,
        user=by,
        clinician=clinician,
        decision=Decision.APPROVE,
        reason=reason,
        next_review_due=due,
        **_pemat_fields(pemat),
    )
    revision.reviewer = clinician
    revision.last_reviewed = today
    revision.next_review_due = due
    if publish_at is None:
        publish(revision)
        message = _("Approved revision %(number)s.") % {"number": revision.number}
    else:
        revision.state, revision.publish_at = RevisionState.SCHEDULED, publish_at
        revision.save()
        message = _("Approved revision %(number)s, to be published on %(when)s.") % {
            "number": revision.number,
            "when": format_local(publish_at),
        }
    log_change(revision.article, by=by, message=message)
    return revision


def due_if_approved(revision):
    """The date of the next review if this revision is approved today."""
    return next_due(timezone.localdate(), Kind(revision.article.kind), _due_dates_of_others(revision))


@transaction.atomic
def request_changes(revision, *, by, reason, pemat=None):
    """Sends the revision back to its author with a reason, and returns it. The public page stays as it is.

    `pemat` and the errors are those of approve(), and a reason is required.
    """
    revision, clinician = _lock_for_decision(revision, by)
    if not reason.strip():
        raise ActionRefused(_("Say what has to change, so that the author knows what to do."))
    message = _("Asked for changes to revision %(number)s: %(reason)s")
    return _send_back(revision, by=by, clinician=clinician, reason=reason, message=message, **_pemat_fields(pemat))


@transaction.atomic
def call_back(revision, *, by, reason):
    """Cancels the publication of a scheduled revision, and sends it back to its author with a reason.

    Its own authors may do so if they are reviewers: publishing needs a second pair of eyes, stopping does not.
    Raises ActionRefused if it is not scheduled, or without a reason or a clinician record.
    """
    revision = _locked(revision)
    if revision.state != RevisionState.SCHEDULED:
        raise ActionRefused(_("This revision is not waiting for its day."))
    clinician = _clinician_of(by)
    if not reason.strip():
        raise ActionRefused(_("Say why it is called back, so that the author knows what to do."))
    message = _("Called revision %(number)s back before its day: %(reason)s")
    return _send_back(revision, by=by, clinician=clinician, reason=reason, message=message)


@transaction.atomic
def publish_awaiting_review(revision):
    """Publishes a seed article for load_content, with the banner “Awaiting clinical review” and no reviewer.

    Raises ActionRefused if a reviewed page would be replaced, or if a source is flagged.
    """
    if revision.article.is_published and revision.article.live.is_reviewed:
        raise ActionRefused(_("A reviewed page is not replaced by one that no one has reviewed."))
    if problems := publication_rules.approval_problems(revision):
        raise ActionRefused(*problems)
    publish(revision)
    return revision


def _send_back(revision, *, by, clinician, reason, message, **scores):
    Review.objects.create(
        revision=revision, user=by, clinician=clinician, decision=Decision.REQUEST_CHANGES, reason=reason, **scores
    )
    # Final, not a draft again: the author submits a new revision.
    revision.state = RevisionState.CHANGES_REQUESTED
    # An approval no longer counts; the review that gave it stays on record.
    revision.reviewer = revision.last_reviewed = revision.next_review_due = None
    revision.save(update_fields=["state", "reviewer", "last_reviewed", "next_review_due"])
    log_change(revision.article, by=by, message=message % {"number": revision.number, "reason": reason})
    return revision


def _pemat_fields(answers):
    """Fields of a Review: all PEMAT-P answers with the two scores, or none of them."""
    if not answers:
        return {}
    if problems := pemat_p.problems(answers):
        raise ActionRefused(*problems)
    scores = pemat_p.scores(answers)
    return {
        "pemat": answers,
        "understandability": scores.understandability,
        "actionability": scores.actionability,
    }


def _due_dates_of_others(revision):
    current = Revision.objects.filter(state__in=[RevisionState.PUBLISHED, RevisionState.SCHEDULED])
    # Without the dates of the same article: the new review replaces them.
    others = current.exclude(article=revision.article_id).filter(next_review_due__isnull=False)
    return others.order_by().values_list("next_review_due", flat=True)


def _locked(revision):
    return Revision.objects.select_for_update(of=["self"]).select_related("article").get(pk=revision.pk)


def _lock_for_decision(revision, by):
    """The locked revision and the reviewer's clinician record. The lock keeps two reviewers from deciding at once."""
    revision = _locked(revision)
    if revision.state != RevisionState.IN_REVIEW:
        raise ActionRefused(_("This revision is no longer waiting for review."))
    if revision.was_written_by(by):
        raise ActionRefused(_("You wrote this revision, or a part of it. Someone else has to review it."))
    return revision, _clinician_of(by)


def _clinician_of(user):
    clinician = Clinician.objects.filter(user=user).first()
    if clinician is None:
        raise ActionRefused(
            _(
                "Your account is not linked to a clinician, and readers must see who reviewed the page. "
                "Ask an administrator to link it."
            )
        )
    return clinician
