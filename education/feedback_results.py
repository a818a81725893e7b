"""How many readers found a page helpful, by article and by revision."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from education.models import Article, Feedback, Revision
from gutskin.plots import answer_bars

YES = Count("feedback", filter=Q(feedback__is_helpful=True))
ALL = Count("feedback")


def results_by_article():
    """Articles with at least one answer, with `yes`, `answers` and `open`; the least helpful first. One query."""
    unhandled = Count(
        "revisions__feedback",
        filter=Q(revisions__feedback__is_helpful=False, revisions__feedback__handled_at__isnull=True)
        & ~Q(revisions__feedback__words=""),
    )
    yes = Count("revisions__feedback", filter=Q(revisions__feedback__is_helpful=True))
    articles = Article.objects.with_live().annotate(yes=yes, answers=Count("revisions__feedback"), open=unhandled)
    # By the share of “yes”; among equals, by the number of answers, since many say more than few.
    return sorted(articles.filter(answers__gt=0), key=lambda article: (article.yes / article.answers, -article.answers))


def results_of(article):
    """The results of one article: its revisions, the newest first, the reasons given, and the plot. Two queries."""
    revisions = list(
        Revision.objects.filter(article=article, published_at__isnull=False)
        .annotate(yes=YES, answers=ALL)
        .order_by("-number")
    )
    # The plot runs from the oldest to the newest, and a revision without answers has no bar.
    answered = [revision for revision in reversed(revisions) if revision.answers]
    return {
        "revisions": revisions,
        "reasons": _reasons(article),
        "plot": answer_bars(answered),
    }


def _reasons(article):
    """How often each reason was given, the most frequent first."""
    given = Feedback.objects.filter(revision__article=article, is_helpful=False).order_by()
    counts = given.values("reason").annotate(count=Count("pk")).order_by("-count", "reason")
    labels = dict(Feedback.Reason.choices) | {"": _("No reason given")}
    return [{"label": labels[row["reason"]], "count": row["count"]} for row in counts]
