"""Where the desk stands now: what waits and for how long, how requests ended, and which mails did not arrive."""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.figures.figure import Figure, Row
from consultations.figures.window import begin, weeks
from consultations.models import Inquiry, Outcome, Status
from consultations.models.inquiry import OWED_A_REPLY
from consultations.queue.due_dates import is_working_day
from consultations.retention import MAILS_KEPT_FOR
from gutskin.mail.models import STUCK_AFTER, Notification
from gutskin.plots import bars_plot

# The most working days in each band; the last band has no end.
BANDS = [1, 3, 5, 10, 20, None]


def backlog() -> Figure:
    """Requests that wait for the clinic, by working days since they came. One query."""
    now = timezone.now()
    aggregates, names, least = {"waiting_for_patient": Count("pk", filter=Q(status=Status.WAITING_FOR_PATIENT))}, [], 0
    for number, most in enumerate(BANDS):
        band = _in_band(least, most) & Q(status__in=OWED_A_REPLY)
        aggregates[f"open_{number}"] = Count("pk", filter=band)
        aggregates[f"overdue_{number}"] = Count("pk", filter=band & Q(due_at__lt=now))
        names.append(_band_name(least, most))
        least = (most or 0) + 1
    counts = Inquiry.objects.aggregate(**aggregates)
    rows = [Row(name, [counts[f"open_{n}"], counts[f"overdue_{n}"]]) for n, name in enumerate(names)]
    total, overdue = (sum(row.cells[index] for row in rows) for index in (0, 1))
    patients = counts["waiting_for_patient"]
    return Figure(
        key="backlog",
        heading=_("Waiting for us, by age"),
        sentence=ngettext(
            "%(count)s request waits for us; %(overdue)s overdue.",
            "%(count)s requests wait for us; %(overdue)s overdue.",
            total,
        )
        % {"count": total, "overdue": overdue},
        columns=[_("age"), _("requests"), _("of these overdue")],
        rows=rows if total else [],
        empty=_("No request waits for us."),
        plot=bars_plot([(row.name, row.cells[0], _open_words(*row.cells)) for row in rows]),
        meaning="waiting",
        notes=[
            ngettext("%(count)s more waits for its patient.", "%(count)s more wait for their patients.", patients)
            % {"count": patients}
        ]
        if patients
        else [],
    )


def outcomes() -> Figure:
    """How the requests ended that were closed in the last 26 weeks. One query."""
    closed = Inquiry.objects.filter(status=Status.CLOSED, closed_at__gte=begin(weeks()[0]))
    counted = closed.values("outcome").annotate(count=Count("pk")).order_by("-count", "outcome")
    labels = {value: str(label) for value, label in Outcome.choices} | {"": _("Not written down")}
    rows = [Row(labels[row["outcome"]], [row["count"]]) for row in counted]
    total = sum(row.cells[0] for row in rows)
    return Figure(
        key="outcomes",
        heading=_("How requests ended"),
        sentence=_("The most frequent end: %(outcome)s, %(count)s out of %(total)s closed in 26 weeks.")
        % {"outcome": rows[0].name, "count": rows[0].cells[0], "total": total}
        if rows
        else "",
        columns=[_("outcome"), _("requests")],
        rows=rows,
        empty=_("No request has been closed in the last 26 weeks."),
        plot=bars_plot([(row.name, row.cells[0], str(row.cells[0])) for row in rows]),
        meaning="over",
    )


def left_aside() -> Figure:
    """Withdrawn requests and spam among all that came. One query."""
    came = Inquiry.objects.filter(received_at__gte=begin(weeks()[0])).aggregate(
        total=Count("pk"),
        withdrawn=Count("pk", filter=Q(status=Status.WITHDRAWN)),
        spam=Count("pk", filter=Q(status=Status.SPAM)),
    )
    return Figure(
        key="left-aside",
        heading=_("Withdrawn, and spam"),
        sentence=_("In 26 weeks came %(total)s. Withdrawn by patients: %(withdrawn)s. Spam: %(spam)s.") % came,
        columns=[_("what became of it"), _("requests")],
        rows=[
            Row(str(Status.WITHDRAWN.label), [came["withdrawn"]]),
            Row(str(Status.SPAM.label), [came["spam"]]),
            Row(_("Everything else"), [came["total"] - came["withdrawn"] - came["spam"]]),
        ]
        if came["total"]
        else [],
        empty=_("No request has come in the last 26 weeks."),
    )


def mails() -> Figure:
    """Of as many days as mails are kept. One query."""
    now = timezone.now()
    start = now - MAILS_KEPT_FOR
    waiting = Q(delivered_at__isnull=True, refused_at__isnull=True)
    counts = Notification.objects.aggregate(
        delivered=Count("pk", filter=Q(delivered_at__gte=start)),
        refused=Count("pk", filter=Q(refused_at__gte=start)),
        waiting=Count("pk", filter=waiting),
        stuck=Count("pk", filter=waiting & Q(created_at__lt=now - STUCK_AFTER)),
    )
    return Figure(
        key="mails",
        heading=_("Mails"),
        sentence=_mail_sentence(counts),
        columns=[_("state"), _("mails")],
        rows=[
            Row(_("Delivered in the last 30 days"), [counts["delivered"]]),
            Row(_("Came back in the last 30 days"), [counts["refused"]]),
            Row(_("Waiting now"), [counts["waiting"]]),
            Row(_("Of these for more than 5 minutes"), [counts["stuck"]]),
        ]
        if any(counts.values())
        else [],
        empty=_("No mail has been written in the last 30 days."),
        notes=[
            _("A mail that came back stands on the page of its request: that patient has to be reached another way.")
        ],
    )


def _in_band(least, most):
    """Requests that came at least `least` and at most `most` working days ago."""
    band = Q()
    if least:
        band &= Q(received_at__lt=_end_of_day_so_many_ago(least))
    if most is not None:
        band &= Q(received_at__gte=_end_of_day_so_many_ago(most + 1))
    return band


def _end_of_day_so_many_ago(count):
    """Of the latest day since which so many working days have begun (working_days_between)."""
    day = timezone.localdate()
    while count > 0:
        count -= is_working_day(day)
        day -= timedelta(days=1)
    return begin(day + timedelta(days=1))


def _band_name(least, most):
    if most is None:
        return _("more than %(days)s working days") % {"days": least - 1}
    if not least:
        return ngettext("up to %(days)s working day", "up to %(days)s working days", most) % {"days": most}
    return _("%(least)s to %(most)s working days") % {"least": least, "most": most}


def _open_words(count, overdue):
    if not overdue:
        return str(count)
    return _("%(count)s (%(overdue)s overdue)") % {"count": count, "overdue": overdue}


def _mail_sentence(counts):
    if counts["stuck"]:
        return ngettext(
            "%(count)s mail has been waiting for over 5 minutes: does the worker run, do our mailboxes work?",
            "%(count)s mails have been waiting for over 5 minutes: does the worker run, do our mailboxes work?",
            counts["stuck"],
        ) % {"count": counts["stuck"]}
    if counts["refused"]:
        return ngettext(
            "%(count)s mail came back in 30 days.", "%(count)s mails came back in 30 days.", counts["refused"]
        ) % {"count": counts["refused"]}
    return _("No mail came back, and none is late.")
