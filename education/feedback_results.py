"""How many readers found a page helpful, by article and by revision."""

from collections.abc import Iterable

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from education.models import Article, Feedback, Revision
from gutskin.plots import answer_bars

YES = Count("feedback", filter=Q(feedback__is_helpful=True))
ALL = Count("feedback")


def results_by_article() -> QuerySet:
    """A row for each article with at least one answer: a dict with its `pk`, `yes`, `answers` and `open`.

    The least helpful comes first, by the share of “yes”; among equals, the one with more answers, which say more.
    """
    unhandled = Q(is_helpful=False, handled_at__isnull=True) & ~Q(words="")
    # Only numbers: the texts of the pages are read for those that are shown.
    rows = Feedback.objects.order_by().values(pk=F("revision__article"))
    rows = rows.annotate(
        yes=Count("id", filter=Q(is_helpful=True)), answers=Count("id"), open=Count("id", filter=unhandled)
    )
    return rows.order_by(F("yes") * 1.0 / F("answers"), "-answers", "pk")


def with_articles(rows: Iterable[dict]) -> list[dict]:
    """Some of the rows of `results_by_article`, each with its `article`. One query."""
    rows = list(rows)
    articles = Article.objects.as_links().in_bulk([row["pk"] for row in rows])
    return [row | {"article": articles[row["pk"]]} for row in rows]


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
