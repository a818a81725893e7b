"""The kinds of mail that this app sends: a weekly reminder of reviews that are due."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from education.models import Article
from gutskin.mail.kinds import MailKind, register


def _review_digest(digest):
    """The context of the mail. None, so that it is not sent, if no page is still due."""
    # Read when the mail is sent and not when it is queued: pages may have been reviewed or withdrawn in between.
    articles = Article.objects.filter(pk__in=digest.article_ids, live__next_review_due__isnull=False)
    articles = list(articles.select_related("live").order_by("live__next_review_due", "pk"))
    overdue = [article for article in articles if article.live.next_review_due < timezone.localdate()]
    context = {"overdue": overdue, "coming": articles[len(overdue) :], "count": len(articles)}
    return context if articles else None


register(
    MailKind(
        "review_digest",
        _lazy("Reminder of reviews that are due"),
        templates="education/mail/review_digest",
        context=_review_digest,
    )
)
