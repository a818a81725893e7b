"""Figures and the list of requests as files for spreadsheets. Neither holds a name or anything that was written."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.figures import all_figures
from consultations.models import Inquiry, Outcome, Status, Urgency
from gutskin.accounts.reauthentication import recently_authenticated
from gutskin.audit.export import export_table

# The assignee is a name, and who writes about whom is nobody's business outside.
FIELDS = [
    "reference",
    "condition__live__title",
    "condition__title",
    "urgency",
    "status",
    "outcome",
    "received_at",
    "due_at",
    "answered_at",
    "closed_at",
]
LABELS = {
    name: {value: str(label) for value, label in choices.choices}
    for name, choices in (("urgency", Urgency), ("status", Status), ("outcome", Outcome))
}


@recently_authenticated
def save_figure(request) -> HttpResponse:
    """One table of the figures, by its key in `figure`."""
    chosen = [figure for figure in all_figures() if figure.key == request.POST.get("figure")]
    if not chosen:
        raise Http404
    columns, rows = chosen[0].as_table()
    return export_table(request, chosen[0].key, columns, rows)


@recently_authenticated
def save_requests(request) -> HttpResponse:
    """Every request that this person sees, the newest first. Three queries, however many there are."""
    mine = Inquiry.objects.visible_to(request.user).order_by("-received_at", "-pk")
    columns = [
        _("Reference"),
        _("Topic"),
        _("Urgency"),
        _("Status"),
        _("Outcome"),
        _("Received"),
        _("Reply due"),
        _("First answered"),
        _("Closed"),
    ]
    return export_table(request, "requests", columns, [_row(values) for values in mine.values(*FIELDS)])


def _row(values):
    return [
        values["reference"],
        values["condition__live__title"] or values["condition__title"] or _("Something else"),
        *(LABELS[name].get(values[name], values[name]) for name in LABELS),
        *(_moment(values[name]) for name in ("received_at", "due_at", "answered_at", "closed_at")),
    ]


def _moment(value):
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""
