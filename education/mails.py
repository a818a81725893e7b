"""The mail of this app: the weekly reminder of reviews that fall due."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from education.models import Article
from gutskin.mail.kinds import MailKind, register


def _review_digest(digest):
    """None when each of its pages has been withdrawn or reviewed since it was queued."""
    articles = Article.objects.filter(pk__in=digest.article_ids, live__next_review_due__isnull=False)
    articles = list(articles.select_related("live").order_by("live__next_review_due", "pk"))
    overdue = [article for article in articles if article.live.next_review_due < timezone.localdate()]
    context = {"overdue": overdue, "coming": articles[len(overdue) :], "count": len(articles)}
    return context if articles else None


register(
    MailKind(
        "review_digest",
        _lazy("Reminder of reviews that fall due"),
        templates="education/mail/review_digest",
        context=_review_digest,
    )
)
