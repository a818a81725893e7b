"""What a reviewer decides about a revision."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education import pemat as pemat_p
from education import publication_rules
from education.actions.history import record
from education.actions.publication import publish
from education.actions.schedule import as_words, refuse_unless_ahead
from education.due_dates import next_due
from education.models import Clinician, Decision, Kind, Review, Revision, RevisionState
from gutskin.exceptions import ActionRefused


@transaction.atomic
def approve(revision, *, by, reason="", pemat=None, publish_at: datetime | None = None):
    """Publishes exactly this revision, signed by the reviewer's clinician record, and sets both review dates.

    `pemat` maps every item of PEMAT-P to its answer (see education/pemat.py), or is left out.
    With `publish_at`, a moment to come, it waits for that moment; the dates count from today all the same.
    """
    if publish_at is not None:
        refuse_unless_ahead(publish_at)
    revision, clinician = _open_for_decision(revision, by)
    if problems := publication_rules.blocking_references(revision):
        raise ActionRefused(*problems)
    today = timezone.localdate()
    due = due_if_approved(revision)
    Review.objects.create(
        revision=revision,
        user=by,
        clinician=clinician,
        decision=Decision.APPROVE,
        reason=reason,
        next_review_due=due,
        **_scored(pemat),
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
            "when": as_words(publish_at),
        }
    record(revision.article, by=by, message=message)
    return revision


def due_if_approved(revision):
    """The day of the next review, if this revision were approved today."""
    return next_due(timezone.localdate(), Kind(revision.article.kind), _due_dates_of_others(revision))


@transaction.atomic
def request_changes(revision, *, by, reason, pemat=None):
    """Sends the revision back to its author with a reason. The public page stays as it is. `pemat` as in approve."""
    revision, clinician = _open_for_decision(revision, by)
    if not reason.strip():
        raise ActionRefused(_("Say what has to change, so that the author knows what to do."))
    Review.objects.create(
        revision=revision,
        user=by,
        clinician=clinician,
        decision=Decision.REQUEST_CHANGES,
        reason=reason,
        **_scored(pemat),
    )
    revision.state = RevisionState.CHANGES_REQUESTED
    revision.save(update_fields=["state"])
    record(
        revision.article,
        by=by,
        message=_("Asked for changes to revision %(number)s: %(reason)s")
        % {"number": revision.number, "reason": reason},
    )
    return revision


@transaction.atomic
def call_back(revision, *, by, reason):
    """Stops a revision that waits for its day, and sends it back to its author with a reason.

    Its writers may do it too: stopping needs no second pair of eyes, publishing does.
    """
    revision = _locked(revision)
    if revision.state != RevisionState.SCHEDULED:
        raise ActionRefused(_("This revision is not waiting for its day."))
    clinician = _clinician_of(by)
    if not reason.strip():
        raise ActionRefused(_("Say why it is called back, so that the author knows what to do."))
    Review.objects.create(
        revision=revision, user=by, clinician=clinician, decision=Decision.REQUEST_CHANGES, reason=reason
    )
    revision.state = RevisionState.CHANGES_REQUESTED
    # The approval holds no longer. That it was given stays in the reviews.
    revision.reviewer = revision.last_reviewed = revision.next_review_due = None
    revision.save(update_fields=["state", "reviewer", "last_reviewed", "next_review_due"])
    record(
        revision.article,
        by=by,
        message=_("Called revision %(number)s back before its day: %(reason)s")
        % {"number": revision.number, "reason": reason},
    )
    return revision


@transaction.atomic
def publish_awaiting_review(revision):
    """For load_content: shows a seed article with the banner “Awaiting clinical review”, signed by nobody."""
    if revision.article.is_published and revision.article.live.is_reviewed:
        raise ActionRefused(_("A reviewed page is not replaced by one that nobody has reviewed."))
    if problems := publication_rules.blocking_references(revision):
        raise ActionRefused(*problems)
    publish(revision)
    return revision


def _scored(answers):
    """What a review keeps of PEMAT-P: all answers with the two scores, or nothing."""
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
    kept = Revision.objects.filter(state__in=[RevisionState.PUBLISHED, RevisionState.SCHEDULED])
    others = kept.exclude(article=revision.article_id).filter(next_review_due__isnull=False)
    return others.values_list("next_review_due", flat=True)


def _locked(revision):
    return Revision.objects.select_for_update(of=["self"]).select_related("article").get(pk=revision.pk)


def _open_for_decision(revision, by):
    revision = _locked(revision)
    if revision.state != RevisionState.IN_REVIEW:
        raise ActionRefused(_("This revision is no longer waiting for review."))
    if revision.was_written_by(by):
        raise ActionRefused(_("You wrote this revision, or a part of it. Somebody else has to review it."))
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
