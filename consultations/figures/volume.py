"""How many requests come, and about what. Spam is left out."""

from statistics import median

from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.figures.figure import Figure, Row
from consultations.figures.window import begin, weeks
from consultations.models import Inquiry, Status
from gutskin.plots import bars_plot, columns_plot


def by_week() -> Figure:
    """One query."""
    mondays = weeks()
    counted = _received(mondays).annotate(week=TruncWeek("received_at")).values("week").annotate(count=Count("pk"))
    counts = {timezone.localdate(row["week"]): row["count"] for row in counted.order_by()}
    values = [counts.get(monday, 0) for monday in mondays]
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
        empty=_("No request has come in the last 26 weeks."),
        plot=columns_plot([date_format(day, "j M") for day in mondays], values, [str(count) for count in values]),
        notes=[_("Spam is not counted. The last column is the week that is not over yet.")],
    )


def by_topic() -> Figure:
    """One query."""
    counted = (
        _received(weeks())
        .values("condition", "condition__live__title", "condition__title")
        .annotate(count=Count("pk"))
        .order_by()
    )
    counts = sorted((-row["count"], row["condition"] is None, _topic(row)) for row in counted)
    rows = [Row(topic, [-count]) for count, _is_else, topic in counts]
    total = sum(row.cells[0] for row in rows)
    return Figure(
        key="topics",
        heading=_("What they are about"),
        sentence=_("%(topic)s comes first: %(count)s out of %(total)s requests in 26 weeks.")
        % {"topic": rows[0].name, "count": rows[0].cells[0], "total": total}
        if rows
        else "",
        columns=[_("topic"), _("requests")],
        rows=rows,
        empty=_("No request has come in the last 26 weeks."),
        plot=bars_plot([(row.name, row.cells[0], str(row.cells[0])) for row in rows]),
        notes=[_("The topic is the one that the patient chose.")],
    )


def _received(mondays):
    return Inquiry.objects.exclude(status=Status.SPAM).filter(received_at__gte=begin(mondays[0]))


def _topic(row):
    return row["condition__live__title"] or row["condition__title"] or _("Something else")


def _weeks_sentence(values):
    """Of the last week that is over, and of those before it since requests began to come."""
    last = values[-2]
    came = ngettext("%(count)s request came last week.", "%(count)s requests came last week.", last) % {"count": last}
    before = values[next((index for index, value in enumerate(values) if value), -2) : -2]
    if not before:
        return came
    usual = round(median(before))
    return " ".join([came, _("A usual week before that had %(count)s.") % {"count": usual}])
