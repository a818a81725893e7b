"""What was decided for a day to come: a revision that goes out, a page that goes away."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from education import publication_rules
from education.actions.history import record
from education.actions.publication import publish, unpublish
from education.models import Article, Decision, Revision
from gutskin import limits
from gutskin.exceptions import ActionRefused

logger = logging.getLogger(__name__)

# A month is at most 31 days: “six months from today” is not refused.
LONGEST_WAIT = timedelta(days=limits.PUBLISHED_WITHIN_MONTHS * 30 + 3)


@dataclass
class ScheduleRun:
    """What one look at the schedule did: how many, and for each that could not be done its reasons in sentences."""

    published: int = 0
    withdrawn: int = 0
    refused: dict[str, list[str]] = field(default_factory=dict)


def refuse_unless_ahead(at: datetime, *, longest: timedelta | None = LONGEST_WAIT):
    """ActionRefused for a moment that is over, or further away than the longest wait."""
    now = timezone.now()
    if at <= now:
        raise ActionRefused(_("%(when)s is over. Choose a later moment, or “At once”.") % {"when": as_words(at)})
    if longest is not None and at > now + longest:
        raise ActionRefused(
            _("A page can wait %(months)s months at most: what is reviewed today may be out of date by then.")
            % {"months": limits.PUBLISHED_WITHIN_MONTHS}
        )


def as_words(at: datetime) -> str:
    """A moment on the clocks of the site: “6 August 2025, 09:00”."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


@transaction.atomic
def schedule_withdrawal(article, *, at: datetime, by, reason):
    """Decides that the page goes away at a moment to come. A day decided on earlier is replaced."""
    refuse_unless_ahead(at, longest=None)
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not article.is_published:
        raise ActionRefused(_("This article is not published."))
    if not reason.strip():
        raise ActionRefused(_("Give a reason, so that a colleague can see why the page goes."))
    article.withdraw_at, article.withdraw_reason, article.withdraw_by = at, reason, by
    article.save(update_fields=["withdraw_at", "withdraw_reason", "withdraw_by"])
    record(
        article,
        by=by,
        message=_("Decided to withdraw the page on %(when)s: %(reason)s") % {"when": as_words(at), "reason": reason},
    )


@transaction.atomic
def cancel_withdrawal(article, *, by):
    """The page stays after all."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.withdraw_at is None:
        raise ActionRefused(_("No day is set on which this page would be withdrawn."))
    when = as_words(article.withdraw_at)
    article.withdraw_at, article.withdraw_reason, article.withdraw_by = None, "", None
    article.save(update_fields=["withdraw_at", "withdraw_reason", "withdraw_by"])
    record(article, by=by, message=_("The page stays: it is not withdrawn on %(when)s.") % {"when": when})


def publish_due(now: datetime) -> ScheduleRun:
    """Publishes and withdraws whatever is due, late or not, in the order in which it was to happen.

    What cannot be done stays as it is and stops nothing else. A database that does not answer is the caller's to tell.
    """
    run = ScheduleRun()
    for _moment, name, step, pk in due_steps(now):
        try:
            done = step(pk, now)
        except ActionRefused as refusal:
            run.refused[name] = [str(reason) for reason in refusal.reasons]
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            # Whatever is wrong with one page, the others must come and go on their day.
            logger.exception("%s could not be published or withdrawn", name)
            run.refused[name] = [type(error).__name__]
        else:
            run.published += done and step is publish_scheduled
            run.withdrawn += done and step is withdraw_scheduled
    return run


def due_steps(now: datetime):
    """(moment, name, step, key) of all that is due, the earliest first."""
    revisions = Revision.objects.due_for_publication(now)
    articles = Article.objects.due_for_withdrawal(now).select_related("live")
    steps = [(revision.publish_at, _on_a_line(revision), publish_scheduled, revision.pk) for revision in revisions]
    steps += [
        (article.withdraw_at, _on_a_line(article.shown_title), withdraw_scheduled, article.pk) for article in articles
    ]
    return sorted(steps, key=lambda step: step[0])


def _on_a_line(name):
    """A line break in a title would write a line of its own into the log."""
    return " ".join(str(name).split())


@transaction.atomic
def publish_scheduled(pk, now) -> bool:
    """Publishes one revision whose moment has come; False where somebody else did, or called it back."""
    due = Revision.objects.due_for_publication(now)
    revision = due.select_for_update(of=["self"]).select_related("article").filter(pk=pk).first()
    if revision is None:
        return False
    # A source may have been retracted since the approval.
    if problems := publication_rules.blocking_references(revision):
        raise ActionRefused(*problems)
    publish(revision)
    approval = revision.reviews.filter(decision=Decision.APPROVE).select_related("user").first()
    record(
        revision.article,
        by=approval and approval.user,
        message=_("Revision %(number)s was published, as decided for this day.") % {"number": revision.number},
    )
    return True


@transaction.atomic
def withdraw_scheduled(pk, now) -> bool:
    """Withdraws one page whose moment has come; False where it is gone, or stays after all."""
    due = Article.objects.due_for_withdrawal(now)
    article = due.select_for_update(of=["self"]).select_related("live", "withdraw_by").filter(pk=pk).first()
    if article is None:
        return False
    by, reason = article.withdraw_by, article.withdraw_reason
    unpublish(article)
    record(article, by=by, message=_("Withdrew the page, as decided for this day: %(reason)s") % {"reason": reason})
    return True
