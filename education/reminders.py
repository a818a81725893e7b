"""Reminders of reviews that fall due: one mail a person and ISO week, from 90 days before and until it is done."""

import logging
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from education.due_dates import REMIND_BEFORE
from education.models import Article, ReviewDigest

logger = logging.getLogger(__name__)

# Longer than a mail server can keep one attempt waiting.
LEASE = timedelta(minutes=10)
REVIEWERS = "Clinical reviewer"


@dataclass
class Sent:
    """How one run went: counts of mails, and the pages of which nobody could be told."""

    sent: int = 0
    failed: int = 0
    nobodys: list[Article] = field(default_factory=list)


def send_reminders(today: date) -> Sent:
    """Sends each person their reminder of this week, unless they have it. What fails is tried again at the next run."""
    by_person, nobodys = digests(today)
    outcome = Sent(nobodys=nobodys)
    for user, articles in by_person.items():
        digest = claim(user, week_of(today), articles)
        if digest is None:
            continue
        if deliver(digest, articles, today):
            outcome.sent += 1
        else:
            outcome.failed += 1
    return outcome


def digests(today: date) -> tuple[dict[User, list[Article]], list[Article]]:
    """Who is to be told of which pages, the most overdue first; and the pages that have nobody to tell."""
    due = Article.objects.due_for_review(today + REMIND_BEFORE).order_by("live__next_review_due", "pk")
    articles = list(due.select_related("live__reviewer__user", "live__author"))
    group = _reachable(User.objects.filter(groups__name=REVIEWERS).order_by("pk")) if articles else []
    by_person, nobodys = {}, []
    for article in articles:
        reviewer = article.live.reviewer
        # One person may be both.
        people = dict.fromkeys(_reachable([reviewer and reviewer.user, article.live.author]) or group)
        for user in people:
            by_person.setdefault(user, []).append(article)
        if not people:
            nobodys.append(article)
    return by_person, nobodys


def _reachable(users):
    return [user for user in users if user is not None and user.is_active and user.email]


def unsent(users, today: date):
    """Those of the users who have not had their reminder of this week."""
    have = ReviewDigest.objects.filter(week=week_of(today), sent_at__isnull=False).values_list("user", flat=True)
    return [user for user in users if user.pk not in set(have)]


def week_of(day: date) -> date:
    """The Monday of its ISO week."""
    return day - timedelta(days=day.weekday())


def claim(user, week: date, articles) -> ReviewDigest | None:
    """Whoever's update changes the row sends the mail. A claim that grew old belonged to a process that died."""
    now = timezone.now()
    digest, _created = ReviewDigest.objects.get_or_create(user=user, week=week)
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=now - LEASE)
    rows = ReviewDigest.objects.filter(free, pk=digest.pk, sent_at__isnull=True)
    digest.claimed_at, digest.article_ids = now, [article.pk for article in articles]
    if rows.update(claimed_at=digest.claimed_at, article_ids=digest.article_ids) != 1:
        return None
    return digest


def deliver(digest: ReviewDigest, articles, today: date) -> bool:
    """Sends what was claimed and writes down how it went."""
    # With the claim: a process that was slower than its lease must not overwrite what the next one found out.
    mine = ReviewDigest.objects.filter(pk=digest.pk, claimed_at=digest.claimed_at)
    try:
        message_for(digest, articles, today).send()
    except Exception as error:
        # Whatever is wrong with one address, the others must have theirs. The class only: servers repeat addresses.
        logger.warning("Review reminder %s was not sent (%s)", digest.pk, type(error).__name__)
        mine.update(claimed_at=None)
        return False
    mine.update(sent_at=timezone.now())
    return True


def message_for(digest: ReviewDigest, articles, today: date) -> EmailMultiAlternatives:
    overdue = [article for article in articles if article.live.next_review_due < today]
    context = {
        "overdue": overdue,
        "coming": articles[len(overdue) :],
        "count": len(articles),
        "site_url": settings.SITE_URL,
    }
    folder = "education/mail/review_digest"
    with translation.override(settings.LANGUAGE_CODE):
        subject = render_to_string(f"{folder}/subject.txt", context).strip()
        text = render_to_string(f"{folder}/body.txt", context)
        html = render_to_string(f"{folder}/body.html", context)
    # The same at every attempt, so that a mail sent twice by a process that died is recognised as one.
    host = urlsplit(settings.SITE_URL).hostname
    message_id = f"<review-digest-{digest.user_id}-{digest.week:%G-w%V}@{host}>"
    message = EmailMultiAlternatives(
        subject, text, to=[digest.user.email], headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    )
    message.attach_alternative(html, "text/html")
    return message
