"""The dashboard: figures about requests, and their CSV export. Neither holds a name or anything that was written.

Users with `view_dashboard` may look, and with `export_inquiry` also save files; each look and file is recorded.
"""

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from consultations.figures.counted import AT_MOST_EVERY, figures_within
from consultations.models import Inquiry, Outcome, Status, Urgency
from gutskin.accounts.permissions import require_permission
from gutskin.accounts.reauthentication import recently_authenticated
from gutskin.audit.export import export_table
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent
from gutskin.http_methods import require_post, require_safe

# Without the assignee: the file leaves the site, and a list of who treats whom does not belong outside.
EXPORTED_FIELDS = [
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


class DashboardMixin(admin.ModelAdmin):
    """Adds the dashboard and its exports to InquiryAdmin, as pages beside the queue."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("figures/", view(self.figures_view), name="consultations_inquiry_figures"),
            path("figures/count/", view(self.count_figures_view), name="consultations_inquiry_count_figures"),
            path("figures/save/", view(self.save_figure_view), name="consultations_inquiry_save_figure"),
            path("save/", view(self.save_requests_view), name="consultations_inquiry_save_requests"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def figures_view(self, request):
        require_permission(request.user.has_perms(["consultations.view_dashboard"]))
        counted = figures_within()
        # After the figures: a page that fails was not seen.
        record(AuditEvent.Action.DASHBOARD_VIEWED, by=request.user)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Request figures"),
            "figures": counted.figures,
            "counted_at": counted.at,
            "may_export": request.user.has_perm("consultations.export_inquiry"),
            "may_see_requests": request.user.has_perm("consultations.view_inquiry"),
        }
        return TemplateResponse(request, "admin/consultations/dashboard/figures.html", context)

    @method_decorator(require_post(back="admin:consultations_inquiry_figures"))
    def count_figures_view(self, request):
        """Counts again, at most once a minute, for someone who wants to see what has happened since."""
        require_permission(request.user.has_perms(["consultations.view_dashboard"]))
        figures_within(AT_MOST_EVERY)
        messages.success(request, _("The figures are up to date."))
        return redirect("admin:consultations_inquiry_figures")

    @method_decorator(require_post(back="admin:consultations_inquiry_figures"))
    def save_figure_view(self, request):
        require_permission(request.user.has_perms(["consultations.view_dashboard", "consultations.export_inquiry"]))
        return _export_figure(request)

    @method_decorator(require_post(back="admin:consultations_inquiry_changelist"))
    def save_requests_view(self, request):
        require_permission(request.user.has_perms(["consultations.view_inquiry", "consultations.export_inquiry"]))
        return _export_requests(request)


@recently_authenticated
def _export_figure(request) -> HttpResponse:
    """Saves the table of one figure as CSV; `figure` in the POST data is its key."""
    # As they were counted for the page, so that the file says the same.
    chosen = [figure for figure in figures_within().figures if figure.key == request.POST.get("figure")]
    if not chosen:
        raise Http404
    columns, rows = chosen[0].as_table()
    return export_table(request, chosen[0].key, columns, rows)


@recently_authenticated
def _export_requests(request) -> HttpResponse:
    """Saves every request that this user sees as CSV, the newest first. Three queries, however many there are."""
    visible = Inquiry.objects.visible_to(request.user).order_by("-received_at", "-pk")
    # In the order of `_row`.
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
    return export_table(request, "requests", columns, [_row(values) for values in visible.values(*EXPORTED_FIELDS)])


def _row(values):
    return [
        values["reference"],
        values["condition__live__title"] or values["condition__title"] or _("Something else"),
        *(LABELS[name].get(values[name], values[name]) for name in LABELS),
        *(_moment(values[name]) for name in ("received_at", "due_at", "answered_at", "closed_at")),
    ]


def _moment(value):
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""
