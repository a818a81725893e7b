"""What is waiting now: requests by age, and mails that have not arrived."""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.figures.figure import Figure, Row, start_of
from consultations.models import Inquiry, Status
from consultations.models.choices import OWED_A_REPLY
from consultations.queue.due_dates import is_working_day
from consultations.retention import MAILS_KEPT_FOR
from gutskin.mail.models import STUCK_AFTER, Notification
from gutskin.plots import bars_plot

# The largest number of working days in each band; the last band has no upper limit.
BANDS = [1, 3, 5, 10, 20, None]


def backlog() -> Figure:
    """Requests waiting for the clinic, by working days since they were received. One query."""
    now = timezone.now()
    aggregates, names, least = {"waiting_for_patient": Count("pk", filter=Q(status=Status.WAITING_FOR_PATIENT))}, [], 0
    # All bands in one aggregate: one pass over the open requests.
    for number, most in enumerate(BANDS):
        band = _in_band(least, most) & Q(status__in=OWED_A_REPLY)
        aggregates[f"open_{number}"] = Count("pk", filter=band)
        aggregates[f"overdue_{number}"] = Count("pk", filter=band & Q(due_at__lt=now))
        names.append(_band_name(least, most))
        # Bands do not overlap: each begins one day after the one before it ends.
        least = (most or 0) + 1
    counts = Inquiry.objects.open().aggregate(**aggregates)
    rows = [Row(name, [counts[f"open_{n}"], counts[f"overdue_{n}"]]) for n, name in enumerate(names)]
    total, overdue = (sum(row.cells[index] for row in rows) for index in (0, 1))
    patients = counts["waiting_for_patient"]
    return Figure(
        key="backlog",
        heading=_("Waiting for us, by age"),
        sentence=ngettext(
            "%(count)s request is waiting for us; %(overdue)s overdue.",
            "%(count)s requests are waiting for us; %(overdue)s overdue.",
            total,
        )
        % {"count": total, "overdue": overdue},
        columns=[_("age"), _("requests"), _("of these overdue")],
        rows=rows if total else [],
        empty=_("No request is waiting for us."),
        plot=bars_plot([(row.name, row.cells[0], _count_in_words(*row.cells)) for row in rows]),
        meaning="waiting",
        notes=[
            ngettext(
                "%(count)s more is waiting for the patient.", "%(count)s more are waiting for their patients.", patients
            )
            % {"count": patients}
        ]
        if patients
        else [],
    )


def mails() -> Figure:
    """Mails from the whole period for which they are kept. One query."""
    now = timezone.now()
    start = now - MAILS_KEPT_FOR
    # Refused mails are not tried again, so they no longer wait.
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
            Row(_("Returned in the last 30 days"), [counts["refused"]]),
            Row(_("Waiting now"), [counts["waiting"]]),
            Row(_("Waiting for more than 5 minutes"), [counts["stuck"]]),
        ]
        if any(counts.values())
        else [],
        empty=_("No mail was sent in the last 30 days."),
        notes=[
            _("A mail that was returned is shown on the page of its request: please reach that patient another way.")
        ],
    )


def _in_band(least, most):
    """Matches requests received at least `least` and at most `most` working days ago; None is no limit."""
    band = Q()
    if least:
        band &= Q(received_at__lt=_end_of_day(working_days_ago=least))
    if most is not None:
        band &= Q(received_at__gte=_end_of_day(working_days_ago=most + 1))
    return band


def _end_of_day(*, working_days_ago):
    """The end of the latest day that lies that many working days in the past, as `working_days_between` counts them.

    The bands are compared in SQL with moments, so the counting is done here once and not for each request.
    """
    day = timezone.localdate()
    while working_days_ago > 0:
        working_days_ago -= is_working_day(day)
        day -= timedelta(days=1)
    return start_of(day + timedelta(days=1))


def _band_name(least, most):
    if most is None:
        return _("more than %(days)s working days") % {"days": least - 1}
    if not least:
        return ngettext("up to %(days)s working day", "up to %(days)s working days", most) % {"days": most}
    return _("%(least)s to %(most)s working days") % {"least": least, "most": most}


def _count_in_words(count, overdue):
    if not overdue:
        return str(count)
    return _("%(count)s (%(overdue)s overdue)") % {"count": count, "overdue": overdue}


def _mail_sentence(counts):
    if counts["stuck"]:
        return ngettext(
            "%(count)s mail has been waiting for over 5 minutes: is the mail worker running, do our mailboxes work?",
            "%(count)s mails have been waiting for over 5 minutes: is the mail worker running, do our mailboxes work?",
            counts["stuck"],
        ) % {"count": counts["stuck"]}
    if counts["refused"]:
        return ngettext(
            "%(count)s mail was returned in 30 days.", "%(count)s mails were returned in 30 days.", counts["refused"]
        ) % {"count": counts["refused"]}
    return _("No mail was returned, and none is late.")
