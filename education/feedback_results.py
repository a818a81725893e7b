"""How many readers a page helped, from revision to revision, as numbers that a template draws."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.models import Article, Feedback, Revision

# Units of the drawing, as in score_trend. Narrow, so that its words can be read on a phone.
WIDTH, HEIGHT = 400, 190
LEFT, RIGHT, TOP, BOTTOM = 44, 376, 26, 146
# More bars would have no room for their words; the table has them all.
BARS_SHOWN = 8
WIDEST_BAR = 48

YES = Count("feedback", filter=Q(feedback__is_helpful=True))
ALL = Count("feedback")


@dataclass(frozen=True)
class Bar:
    """One revision in the drawing: its height is the share of `yes` among `answers`; both stand on it."""

    number: int
    yes: int
    answers: int
    x: float
    middle: float
    y: float
    width: float
    height: float


def results_by_article():
    """Every article that was answered for, with `yes`, `answers` and `open`; the least helpful first. One query."""
    open_ones = Count(
        "revisions__feedback",
        filter=Q(revisions__feedback__is_helpful=False, revisions__feedback__handled_at__isnull=True)
        & ~Q(revisions__feedback__words=""),
    )
    yes = Count("revisions__feedback", filter=Q(revisions__feedback__is_helpful=True))
    articles = Article.objects.with_live().annotate(yes=yes, answers=Count("revisions__feedback"), open=open_ones)
    return sorted(articles.filter(answers__gt=0), key=lambda article: (article.yes / article.answers, -article.answers))


def results_of(article):
    """One article: rows of its revisions, newest first, reasons, and the drawing. Two queries."""
    revisions = list(
        Revision.objects.filter(article=article, published_at__isnull=False)
        .annotate(yes=YES, answers=ALL)
        .order_by("-number")
    )
    answered = [revision for revision in reversed(revisions) if revision.answers]
    return {
        "revisions": revisions,
        "yes": sum(revision.yes for revision in revisions),
        "answers": sum(revision.answers for revision in revisions),
        "reasons": _reasons(article),
        "plot": _plot(answered) if answered else None,
    }


def _reasons(article):
    """How often each was given, the most frequent first."""
    given = Feedback.objects.filter(revision__article=article, is_helpful=False).order_by()
    counts = given.values("reason").annotate(count=Count("pk")).order_by("-count", "reason")
    labels = dict(Feedback.Reason.choices) | {"": _("No reason given")}
    return [{"label": labels[row["reason"]], "count": row["count"]} for row in counts]


def _plot(answered):
    shown = answered[-BARS_SHOWN:]
    step = (RIGHT - LEFT) / len(shown)
    width = min(WIDEST_BAR, step * 0.7)
    bars = []
    for index, revision in enumerate(shown):
        middle = LEFT + step * (index + 0.5)
        height = (BOTTOM - TOP) * revision.yes / revision.answers
        bars.append(
            Bar(
                number=revision.number,
                yes=revision.yes,
                answers=revision.answers,
                x=round(middle - width / 2, 1),
                middle=round(middle, 1),
                y=round(BOTTOM - height, 1),
                width=round(width, 1),
                height=round(height, 1),
            )
        )
    return {
        "title": _sentence(shown),
        "bars": bars,
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": RIGHT,
        "bottom": BOTTOM,
        "leaves_out": len(answered) - len(shown),
    }


def _sentence(shown):
    """What the drawing says, about the newest revision and the one before it."""
    newest = shown[-1]
    told = _of(newest) % _numbers(newest)
    if len(shown) == 1:
        return told
    before = shown[-2]
    return " ".join(
        [told, _("Before, with revision %(number)s, it was %(yes)s out of %(answers)s.") % _numbers(before)]
    )


def _of(revision):
    return ngettext(
        "Revision %(number)s helped %(yes)s out of %(answers)s reader who answered.",
        "Revision %(number)s helped %(yes)s out of %(answers)s readers who answered.",
        revision.answers,
    )


def _numbers(revision):
    return {"number": revision.number, "yes": revision.yes, "answers": revision.answers}
