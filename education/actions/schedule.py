"""Publishing and withdrawing on a chosen day. The command run_scheduler calls publish_due() every half minute."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from education import publication_rules
from education.actions.publication import log_change, publish, unpublish
from education.models import Article, Decision, Revision
from gutskin import limits
from gutskin.exceptions import ActionRefused

logger = logging.getLogger(__name__)

# A month is at most 31 days: “six months from today” is not refused.
LONGEST_WAIT = timedelta(days=limits.PUBLISHED_WITHIN_MONTHS * 30 + 3)


@dataclass
class ScheduleRun:
    """What one run did: two counts, and for each page that could not be done the reasons as sentences."""

    published: int = 0
    withdrawn: int = 0
    refused: dict[str, list[str]] = field(default_factory=dict)


def require_future(at: datetime, *, longest: timedelta | None = LONGEST_WAIT):
    """Raises ActionRefused for a time that is past, or further away than `longest`."""
    now = timezone.now()
    if at <= now:
        raise ActionRefused(
            _("%(when)s is in the past. Choose a later time, or “At once”.") % {"when": format_local(at)}
        )
    if longest is not None and at > now + longest:
        raise ActionRefused(
            _("A page can wait %(months)s months at most: what is reviewed today may be out of date by then.")
            % {"months": limits.PUBLISHED_WITHIN_MONTHS}
        )


def format_local(at: datetime) -> str:
    """A datetime in the site's time zone: “6 August 2025, 09:00”."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


@transaction.atomic
def schedule_withdrawal(article, *, at: datetime, by, reason):
    """Decides that the page will be withdrawn at `at`, an aware datetime. Replaces a day that was set earlier.

    Raises ActionRefused for a time in the past, an unpublished article, or without a reason.
    """
    require_future(at, longest=None)
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not article.is_published:
        raise ActionRefused(_("This article is not published."))
    if not reason.strip():
        raise ActionRefused(_("Give a reason, so that a colleague can see why the page will be withdrawn."))
    article.withdraw_at, article.withdraw_reason, article.withdraw_by = at, reason, by
    article.save(update_fields=["withdraw_at", "withdraw_reason", "withdraw_by"])
    log_change(
        article,
        by=by,
        message=_("Decided to withdraw the page on %(when)s: %(reason)s")
        % {"when": format_local(at), "reason": reason},
    )


@transaction.atomic
def cancel_withdrawal(article, *, by):
    """Clears the day of a withdrawal: the page stays. Raises ActionRefused if none is set."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.withdraw_at is None:
        raise ActionRefused(_("No day is set for withdrawing this page."))
    when = format_local(article.withdraw_at)
    article.withdraw_at, article.withdraw_reason, article.withdraw_by = None, "", None
    article.save(update_fields=["withdraw_at", "withdraw_reason", "withdraw_by"])
    log_change(article, by=by, message=_("The page stays: it will not be withdrawn on %(when)s.") % {"when": when})


def publish_due(now: datetime) -> ScheduleRun:
    """Publishes and withdraws everything that is due, in the order of the times that were set, however late.

    A page that cannot be done is reported in the result and does not stop the others; it is tried again at the next
    run. OperationalError and InterfaceError are raised: without a database nothing else could be done either.
    """
    run = ScheduleRun()
    for _at, name, step, pk in due_steps(now):
        try:
            done = step(pk, now)
        except ActionRefused as refusal:
            run.refused[name] = [str(reason) for reason in refusal.reasons]
        # Listed before Exception: these concern the database and not this one page.
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            # Whatever is wrong with one page, the others must be published and withdrawn on their day.
            logger.exception("%s could not be published or withdrawn", name)
            run.refused[name] = [type(error).__name__]
        else:
            run.published += done and step is publish_scheduled
            run.withdrawn += done and step is withdraw_scheduled
    return run


def due_steps(now: datetime):
    """Tuples of (datetime, title, function, primary key) for everything that is due, the earliest first."""
    revisions = Revision.objects.due_for_publication(now)
    articles = Article.objects.due_for_withdrawal(now).select_related("live")
    steps = [(revision.publish_at, _single_line(revision), publish_scheduled, revision.pk) for revision in revisions]
    steps += [
        (article.withdraw_at, _single_line(article.shown_title), withdraw_scheduled, article.pk) for article in articles
    ]
    # By time alone: with equal times, the functions in the tuples could not be compared.
    return sorted(steps, key=lambda step: step[0])


def _single_line(name):
    """Without line breaks: one in a title could forge a line in the log."""
    return " ".join(str(name).split())


@transaction.atomic
def publish_scheduled(pk, now) -> bool:
    """Publishes one revision that is due. False if another process has, or if it was called back.

    The row is locked and read again, so any number of schedulers may run at once. Raises ActionRefused.
    """
    due = Revision.objects.due_for_publication(now)
    revision = due.select_for_update(of=["self"]).select_related("article").filter(pk=pk).first()
    if revision is None:
        return False
    # A source may have been retracted since the approval.
    if problems := publication_rules.revision_problems(revision):
        raise ActionRefused(*problems)
    publish(revision)
    approval = revision.reviews.filter(decision=Decision.APPROVE).select_related("user").first()
    log_change(
        revision.article,
        # In the name of the reviewer who decided it: the scheduler has no account.
        by=approval and approval.user,
        message=_("Revision %(number)s was published, as scheduled.") % {"number": revision.number},
    )
    return True


@transaction.atomic
def withdraw_scheduled(pk, now) -> bool:
    """Withdraws one page that is due. False if it is no longer published, or if the withdrawal was cancelled."""
    # The same condition once more, now with a lock: the day may have been moved or cleared since due_steps().
    due = Article.objects.due_for_withdrawal(now)
    article = due.select_for_update(of=["self"]).select_related("live", "withdraw_by").filter(pk=pk).first()
    if article is None:
        return False
    by, reason = article.withdraw_by, article.withdraw_reason
    unpublish(article)
    log_change(article, by=by, message=_("Withdrew the page, as scheduled: %(reason)s") % {"reason": reason})
    return True
