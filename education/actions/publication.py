"""Steps that several actions share: publish, unpublish, and log the change.

They open no transaction of their own; each must run inside that of the action that calls it.
"""

from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from education import search
from education.models import Article, RevisionState


def publish(revision):
    """Makes this revision the public page, in place of the one before, and indexes it for search."""
    # `of` names the article alone: PostgreSQL cannot lock the nullable side of the join with `live`.
    article = Article.objects.select_for_update(of=["self"]).select_related("live").get(pk=revision.article_id)
    # Superseded first: a constraint allows one published revision per article.
    if article.live is not None and article.live.pk != revision.pk:
        article.live.state = RevisionState.SUPERSEDED
        article.live.save(update_fields=["state"])
    revision.state = RevisionState.PUBLISHED
    revision.published_at = timezone.now()
    revision.save()
    article.live = revision
    article.save(update_fields=["live"])
    # In the same transaction, so that search never finds a page that is not public.
    search.index_article(article)


def unpublish(article):
    """Takes a published page off the site and out of the search. The caller has locked the article's row.

    A withdrawal that was scheduled is cleared, so that it does not hit the page if it is published again.
    """
    revision, article.live = article.live, None
    article.withdraw_at, article.withdraw_reason, article.withdraw_by = None, "", None
    article.save(update_fields=["live", "withdraw_at", "withdraw_reason", "withdraw_by"])
    revision.state = RevisionState.WITHDRAWN
    revision.withdrawn_at = timezone.now()
    revision.save(update_fields=["state", "withdrawn_at"])
    search.unindex_article(article)


def log_change(subject, *, by, message):
    """An entry in Django's admin log, which an article's history shows. None as `by` (load_content) logs nothing."""
    if by is not None:
        LogEntry.objects.log_actions(by.pk, [subject], CHANGE, message, single_object=True)
