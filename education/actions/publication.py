"""The two steps that readers notice: a revision becomes the public page, and a page leaves the site.

Both belong inside the transaction of the action that decided on them.
"""

from django.utils import timezone

from education import search
from education.models import Article, RevisionState


def publish(revision):
    """Makes this revision the public page, in place of the one before."""
    article = Article.objects.select_for_update(of=["self"]).select_related("live").get(pk=revision.article_id)
    if article.live is not None and article.live.pk != revision.pk:
        article.live.state = RevisionState.SUPERSEDED
        article.live.save(update_fields=["state"])
    revision.state = RevisionState.PUBLISHED
    revision.published_at = timezone.now()
    revision.save()
    article.live = revision
    article.save(update_fields=["live"])
    search.index_article(article)


def unpublish(article):
    """Takes a published page, whose row is locked, off the site and out of the search; a day set for it is over too."""
    revision, article.live = article.live, None
    article.withdraw_at, article.withdraw_reason, article.withdraw_by = None, "", None
    article.save(update_fields=["live", "withdraw_at", "withdraw_reason", "withdraw_by"])
    revision.state = RevisionState.WITHDRAWN
    revision.withdrawn_at = timezone.now()
    revision.save(update_fields=["state", "withdrawn_at"])
    search.unindex_article(article)
