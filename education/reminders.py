"""Reminders of reviews that are due: one mail per person and ISO week, from 90 days before until the review is done."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from education.due_dates import REMIND_BEFORE
from education.models import Article, ReviewDigest
from gutskin.accounts.roles import CLINICAL_REVIEWER
from gutskin.mail.outbox import queue_mail


@dataclass
class Reminders:
    """What one run did: the number of mails put into the outbox, and the pages that no one can be reminded of."""

    queued: int = 0
    without_recipient: list[Article] = field(default_factory=list)


def queue_reminders(today: date) -> Reminders:
    """Queues this week's reminder for each person who has not had it. May run any number of times."""
    by_person, without_recipient = digests(today)
    outcome = Reminders(without_recipient=without_recipient)
    for user, articles in by_person.items():
        outcome.queued += _queue(user, week_of(today), articles)
    return outcome


def digests(today: date) -> tuple[dict[User, list[Article]], list[Article]]:
    """The pages that each person is reminded of, the most overdue first; and the pages with no one to remind.

    Reminded are the reviewer and the author of the live revision or, if neither can be reached, all clinical reviewers.
    """
    due = Article.objects.due_for_review(today + REMIND_BEFORE).order_by("live__next_review_due", "pk")
    articles = list(due.select_related("live__reviewer__user", "live__author"))
    # A page must not go unreviewed because both of its people have left.
    group = _reachable(User.objects.filter(groups__name=CLINICAL_REVIEWER).order_by("pk")) if articles else []
    by_person, without_recipient = {}, []
    for article in articles:
        reviewer = article.live.reviewer
        # The same person may be both reviewer and author: dict.fromkeys() names them once.
        people = dict.fromkeys(_reachable([reviewer and reviewer.user, article.live.author]) or group)
        for user in people:
            by_person.setdefault(user, []).append(article)
        if not people:
            without_recipient.append(article)
    return by_person, without_recipient


def not_yet_reminded(users, today: date):
    """The users whose reminder for this week has not been queued yet."""
    had = set(ReviewDigest.objects.filter(week=week_of(today)).values_list("user", flat=True))
    return [user for user in users if user.pk not in had]


def week_of(day: date) -> date:
    """The Monday of its ISO week."""
    return day - timedelta(days=day.weekday())


def _reachable(users):
    return [user for user in users if user is not None and user.is_active and user.email]


@transaction.atomic
def _queue(user, week, articles) -> bool:
    """Stores the digest and its mail together. A constraint allows one digest per person and week."""
    article_ids = [article.pk for article in articles]
    digest, is_new = ReviewDigest.objects.get_or_create(user=user, week=week, defaults={"article_ids": article_ids})
    if is_new:
        # In the default language: staff accounts have no language of their own.
        queue_mail("review_digest", about=digest, to=user.email, language=settings.LANGUAGE_CODE)
    return is_new
