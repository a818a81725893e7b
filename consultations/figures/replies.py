"""How long patients wait for a first reply, and whether it came in time. Spam is left out.

A wait is working time in days, counted as in consultations/queue/reply_times.py, which is what patients are told.
Whether a reply came in time is a separate question, because it is due at the end of a day.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.figures.figure import Figure, Row, month_name, months, period_of, short_month, start_of
from consultations.models import Inquiry, Outcome, Status, Urgency
from consultations.queue.due_dates import reply_within
from consultations.queue.reply_times import DAY, percentile, working_time
from gutskin.plots import columns_plot, lines_plot

# When the first reply was due. Once it is given, `due_at` is about the next reply.
FIRST_DUE = Coalesce("first_due_at", "due_at")


class Reply(NamedTuple):
    month: date
    urgency: str
    waited: timedelta
    is_in_time: bool


@dataclass(frozen=True)
class Waits:
    """The number of replies, with the median and the 90th percentile of the wait in working days."""

    count: int
    half: float | None = None
    most: float | None = None


def first_replies() -> list[Reply]:
    """Returns the first replies of the last six months. One query."""
    answered = Inquiry.objects.exclude(status=Status.SPAM).filter(answered_at__gte=start_of(months()[0]))
    # In Python, because working time depends on the holidays, which the database does not know.
    rows = answered.annotate(month=period_of("answered_at", months())).order_by()
    known = months()
    return [
        Reply(known[month], urgency, working_time(received, answer), answer <= due)
        for month, received, answer, due, urgency in rows.values_list(
            "month", "received_at", "answered_at", FIRST_DUE, "urgency"
        )
    ]


def by_month(replies: list[Reply]) -> Figure:
    """No query: takes the replies that `first_replies` returned."""
    waits = [_waits(reply.waited for reply in replies if reply.month == month) for month in months()]
    # One line for all: most requests are routine.
    target = reply_within(Urgency.ROUTINE)
    return Figure(
        key="replies",
        heading=_("Time to the first reply, month by month"),
        sentence=_half_sentence(_waits(reply.waited for reply in replies)),
        columns=[_("month of the reply"), _("first replies"), _("half within (working days)"), _("nine in ten within")],
        rows=_rows([(month_name(month), wait, f"{month:%Y-%m}") for month, wait in zip(months(), waits, strict=True)])
        if replies
        else [],
        empty=_("No request was answered in the last six months."),
        plot=lines_plot(
            [short_month(month) for month in months()],
            [wait.half for wait in waits],
            [wait.most for wait in waits],
            target,
        ),
        meaning="replied",
        notes=[
            ngettext(
                "The dashed line is the service level for routine requests: %(count)s working day.",
                "The dashed line is the service level for routine requests: %(count)s working days.",
                target,
            )
            % {"count": target}
        ],
    )


def by_urgency(replies: list[Reply]) -> Figure:
    """No query: takes the replies that `first_replies` returned."""
    by_level = {
        urgency: [reply for reply in replies if reply.urgency == urgency]
        for urgency in (Urgency.URGENT, Urgency.SOON, Urgency.ROUTINE)
    }
    late = [str(urgency.label) for urgency, group in by_level.items() if not all(reply.is_in_time for reply in group)]
    return Figure(
        key="urgency",
        heading=_("Time to the first reply, by urgency"),
        sentence=_("Some first replies came late: %(names)s.") % {"names": ", ".join(late)}
        if late
        else _("Every first reply of the last six months came in time."),
        columns=[
            _("urgency"),
            _("service level (working days)"),
            _("first replies"),
            _("half within (working days)"),
            _("nine in ten within"),
            _("in time"),
        ],
        rows=[_urgency_row(urgency, group) for urgency, group in by_level.items()] if replies else [],
        empty=_("No request was answered in the last six months."),
        notes=[_("Counted by the urgency that a request has now.")],
    )


def in_time() -> Figure:
    """How many of the replies that fell due had been given by then; one never given counts as late. One query."""
    counts = _counts_by_month_due()
    shares, rows = [], []
    for place, month in enumerate(months()):
        row = counts.get(place) or dict.fromkeys(("due", "in_time", "late", "open", "closed"), 0)
        # None, and not 0, for a month without a due reply.
        share = round(100 * row["in_time"] / row["due"]) if row["due"] else None
        shares.append(share)
        cells = [row["due"], row["in_time"], row["late"], row["open"], row["closed"], share]
        rows.append(Row(month_name(month), cells, f"{month:%Y-%m}"))
    all_due, all_in_time = (sum(row[name] for row in counts.values()) for name in ("due", "in_time"))
    return Figure(
        key="in-time",
        heading=_("Replies in time"),
        sentence=_("%(in_time)s of the %(due)s replies due in the last six months came in time.")
        % {"in_time": all_in_time, "due": all_due},
        columns=[
            _("month due"),
            _("due"),
            _("in time"),
            _("late"),
            _("not yet"),
            _("closed without one"),
            _("percent in time"),
        ],
        rows=rows if all_due else [],
        empty=_("No reply was due in the last six months."),
        plot=columns_plot(
            [short_month(month) for month in months()],
            shares,
            ["" if share is None else _("%(share)s%%") % {"share": share} for share in shares],
            top=100,
        ),
        meaning="replied",
        notes=[_("Spam, withdrawn requests and duplicates are not counted. A request without a reply counts as late.")],
    )


def _counts_by_month_due():
    due = (
        Inquiry.objects.exclude(status__in=[Status.SPAM, Status.WITHDRAWN])
        .exclude(outcome=Outcome.DUPLICATE)
        .alias(first_due=FIRST_DUE)
        .filter(first_due__gte=start_of(months()[0]), first_due__lt=timezone.now())
    )
    # Withdrawn requests, spam and duplicates are left out above: the clinic owed them no reply.
    unanswered = Q(answered_at__isnull=True)
    counted = (
        due.annotate(month=period_of("first_due", months()))
        .values("month")
        .annotate(
            due=Count("pk"),
            in_time=Count("pk", filter=Q(answered_at__lte=F("first_due"))),
            late=Count("pk", filter=Q(answered_at__gt=F("first_due"))),
            open=Count("pk", filter=unanswered & ~Q(status=Status.CLOSED)),
            closed=Count("pk", filter=unanswered & Q(status=Status.CLOSED)),
        )
        .order_by()
    )
    return {row["month"]: row for row in counted}


def _waits(times) -> Waits:
    times = list(times)
    if not times:
        return Waits(0)
    return Waits(len(times), _in_days(percentile(times, 0.5)), _in_days(percentile(times, 0.9)))


def _in_days(time):
    """Tenths of a day, rounded up, so that no wait is shown as shorter than it was."""
    return math.ceil(10 * time / DAY) / 10


def _rows(named):
    return [Row(name, [wait.count, wait.half, wait.most], moment) for name, wait, moment in named]


def _urgency_row(urgency, replies):
    wait = _waits(reply.waited for reply in replies)
    in_time = sum(reply.is_in_time for reply in replies)
    return Row(str(urgency.label), [reply_within(urgency), wait.count, wait.half, wait.most, in_time])


def _half_sentence(wait):
    """In whole days, rounded up, as patients are told."""
    if not wait.count:
        return ""
    half, most = (max(1, math.ceil(days)) for days in (wait.half, wait.most))
    return ngettext(
        "Of the requests answered in the last six months, half got a first reply within %(half)s working day, "
        "nine in ten within %(most)s.",
        "Of the requests answered in the last six months, half got a first reply within %(half)s working days, "
        "nine in ten within %(most)s.",
        half,
    ) % {"half": half, "most": most}
