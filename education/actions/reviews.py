"""What a reviewer decides about a revision."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from education import publication_rules, search
from education.actions.history import record
from education.actions.trouble import ActionRefused
from education.models import Article, Clinician, Decision, Kind, Review, Revision, RevisionState

REVIEW_EVERY_MONTHS = {Kind.OVERVIEW: 36, Kind.MECHANISM: 36, Kind.CONDITION: 36, Kind.THERAPY: 12}


@transaction.atomic
def approve(revision, *, by, reason=""):
    """Publishes exactly this revision, signed by the reviewer's clinician record, and sets both review dates."""
    revision, clinician = _open_for_decision(revision, by)
    if problems := publication_rules.blocking_references(revision):
        raise ActionRefused(*problems)
    today = timezone.localdate()
    due = months_later(today, REVIEW_EVERY_MONTHS[Kind(revision.article.kind)])
    Review.objects.create(
        revision=revision, user=by, clinician=clinician, decision=Decision.APPROVE, reason=reason, next_review_due=due
    )
    revision.reviewer = clinician
    revision.last_reviewed = today
    revision.next_review_due = due
    _publish(revision)
    record(revision.article, by=by, message=_("Approved revision %(number)s.") % {"number": revision.number})
    return revision


@transaction.atomic
def request_changes(revision, *, by, reason):
    """Sends the revision back to its author with a reason. The public page stays as it is."""
    revision, clinician = _open_for_decision(revision, by)
    if not reason.strip():
        raise ActionRefused(_("Say what has to change, so that the author knows what to do."))
    Review.objects.create(
        revision=revision, user=by, clinician=clinician, decision=Decision.REQUEST_CHANGES, reason=reason
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
def publish_awaiting_review(revision):
    """For load_content: shows a seed article with the banner “Awaiting clinical review”, signed by nobody."""
    if revision.article.is_published and revision.article.live.is_reviewed:
        raise ActionRefused(_("A reviewed page is not replaced by one that nobody has reviewed."))
    _publish(revision)
    return revision


def _open_for_decision(revision, by):
    revision = Revision.objects.select_for_update(of=["self"]).select_related("article").get(pk=revision.pk)
    if revision.state != RevisionState.IN_REVIEW:
        raise ActionRefused(_("This revision is no longer waiting for review."))
    if revision.was_written_by(by):
        raise ActionRefused(_("You wrote this revision, or a part of it. Somebody else has to review it."))
    clinician = Clinician.objects.filter(user=by).first()
    if clinician is None:
        raise ActionRefused(
            _(
                "Your account is not linked to a clinician, and readers must see who reviewed the page. "
                "Ask an administrator to link it."
            )
        )
    return revision, clinician


def _publish(revision):
    article = Article.objects.select_for_update(of=["self"]).select_related("live").get(pk=revision.article_id)
    if article.live is not None and article.live.pk != revision.pk:
        article.live.state = RevisionState.SUPERSEDED
        article.live.save(update_fields=["state"])
    revision.state = RevisionState.PUBLISHED
    revision.published_at = timezone.now()
    revision.save()
    article.live = revision
    article.save(update_fields=["live"])
    search.remember(article)


def months_later(day: date, months: int) -> date:
    """The same day some months on; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for day_of_month in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, day_of_month)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
