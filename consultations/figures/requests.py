"""How many requests came in, what they were about, and how they ended."""

from collections import Counter
from statistics import median

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.figures.figure import MOST_ROWS, Figure, Row, period_of, start_of, weeks
from consultations.models import Inquiry, Outcome, Status
from education.models import Article
from gutskin.plots import bars_plot, columns_plot


def by_week() -> Figure:
    """Requests received in each of the last 26 weeks, without spam. One query."""
    mondays = weeks()
    week = period_of("received_at", mondays)
    counted = _received(mondays).annotate(week=week).values("week").annotate(count=Count("pk"))
    counts = {row["week"]: row["count"] for row in counted.order_by()}
    values = [counts.get(place, 0) for place in range(len(mondays))]
    return Figure(
        key="weeks",
        heading=_("Requests, week by week"),
        sentence=_weeks_sentence(values),
        columns=[_("week from"), _("requests")],
        rows=[
            Row(date_format(monday, "DATE_FORMAT"), [count], monday.isoformat())
            for monday, count in zip(mondays, values, strict=True)
        ]
        if any(values)
        else [],
        empty=_("No request came in over the last 26 weeks."),
        plot=columns_plot([date_format(day, "j M") for day in mondays], values, [str(count) for count in values]),
        notes=[_("Spam is not counted. The last column is the current week, which is not over yet.")],
    )


def by_topic() -> Figure:
    """Requests of the last 26 weeks by topic, without spam, the most frequent first. Two queries."""
    # Counted here: asked to count by topic, SQLite reads the wide rows of all requests in the order of topics.
    counted = Counter(_received(weeks()).order_by().values_list("condition", flat=True))
    titles = _titles([pk for pk in counted if pk])
    # “Something else” comes last among topics with the same count.
    counts = sorted((-count, pk is None, titles.get(pk) or _("Something else")) for pk, count in counted.items())
    rows = [Row(topic, [-count]) for count, _is_else, topic in counts]
    return _largest_first(
        rows,
        key="topics",
        heading=_("What requests are about"),
        sentence=_("%(name)s comes first: %(count)s out of %(total)s requests in the last 26 weeks."),
        columns=[_("topic"), _("requests")],
        empty=_("No request came in over the last 26 weeks."),
        notes=[_("The topic is the one that the patient chose.")],
    )


def outcomes() -> Figure:
    """How requests closed in the last 26 weeks ended. One query."""
    # By status too, instead of a condition on it: SQLite would look for that in another index, and read wide rows.
    closed = Inquiry.objects.filter(closed_at__gte=start_of(weeks()[0])).order_by()
    counted = closed.values("status", "outcome").annotate(count=Count("pk")).order_by("-count", "outcome")
    labels = {value: str(label) for value, label in Outcome.choices} | {"": _("Not recorded")}
    rows = [Row(labels[row["outcome"]], [row["count"]]) for row in counted if row["status"] == Status.CLOSED]
    return _largest_first(
        rows,
        key="outcomes",
        heading=_("How requests ended"),
        sentence=_(
            "The most frequent outcome: %(name)s, %(count)s out of %(total)s requests closed in the last 26 weeks."
        ),
        columns=[_("outcome"), _("requests")],
        empty=_("No request was closed in the last 26 weeks."),
        meaning="over",
    )


def _largest_first(rows, *, sentence, **parts) -> Figure:
    """A figure with one count per row, the largest first; `sentence` names the largest."""
    if rows:
        total = sum(row.cells[0] for row in rows)
        sentence %= {"name": rows[0].name, "count": rows[0].cells[0], "total": total}
    plot = bars_plot([(row.name, row.cells[0], str(row.cells[0])) for row in rows[:MOST_ROWS]])
    return Figure(rows=rows, sentence=sentence if rows else "", plot=plot, **parts)


def left_aside() -> Figure:
    """Withdrawn requests and spam among all that came in. One query."""
    counts = Inquiry.objects.filter(received_at__gte=start_of(weeks()[0])).aggregate(
        total=Count("pk"),
        withdrawn=Count("pk", filter=Q(status=Status.WITHDRAWN)),
        spam=Count("pk", filter=Q(status=Status.SPAM)),
    )
    return Figure(
        key="left-aside",
        heading=_("Withdrawn requests and spam"),
        sentence=_(
            "Requests received in the last 26 weeks: %(total)s. Withdrawn by patients: %(withdrawn)s. Spam: %(spam)s."
        )
        % counts,
        columns=[_("what happened"), _("requests")],
        rows=[
            Row(str(Status.WITHDRAWN.label), [counts["withdrawn"]]),
            Row(str(Status.SPAM.label), [counts["spam"]]),
            Row(_("Everything else"), [counts["total"] - counts["withdrawn"] - counts["spam"]]),
        ]
        if counts["total"]
        else [],
        empty=_("No request came in over the last 26 weeks."),
    )


def _received(mondays):
    return Inquiry.objects.exclude(status=Status.SPAM).filter(received_at__gte=start_of(mondays[0]))


def _titles(topics):
    """The titles that readers see, by primary key."""
    found = Article.objects.filter(pk__in=topics)
    return dict(found.order_by().values_list("pk", Coalesce("live__title", "title")))


def _weeks_sentence(values):
    """Compares the last full week with the weeks before it, from the first week with a request onwards."""
    # The last value is that of the current week.
    last = values[-2]
    last_week = ngettext("%(count)s request came in last week.", "%(count)s requests came in last week.", last) % {
        "count": last
    }
    before = values[next((index for index, value in enumerate(values) if value), -2) : -2]
    if not before:
        return last_week
    usual = round(median(before))
    return " ".join([last_week, _("In a typical week before that: %(count)s.") % {"count": usual}])
