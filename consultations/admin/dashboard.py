"""The figures of the desk, for whoever may see them (view_dashboard). Each look is recorded."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consultations.admin.dashboard_export import save_figure, save_requests
from consultations.figures import all_figures
from gutskin.accounts.permissions import require_permission
from gutskin.audit.hash_chain import record
from gutskin.audit.models import AuditEvent


class InquiryFigures(admin.ModelAdmin):
    """Part of InquiryAdmin: a page of its own beside the queue."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("figures/", view(self.figures_view), name="consultations_inquiry_figures"),
            path("figures/save/", view(self.save_figure_view), name="consultations_inquiry_save_figure"),
            path("save/", view(self.save_requests_view), name="consultations_inquiry_save_requests"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def figures_view(self, request):
        require_permission(request.user.has_perms(["consultations.view_dashboard"]))
        figures = all_figures()
        record(AuditEvent.Action.DASHBOARD_VIEWED, by=request.user)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Figures of the desk"),
            "figures": figures,
            "may_export": request.user.has_perm("consultations.export_inquiry"),
            "may_see_requests": request.user.has_perm("consultations.view_inquiry"),
        }
        return TemplateResponse(request, "admin/consultations/dashboard/figures.html", context)

    @method_decorator(require_POST)
    def save_figure_view(self, request):
        require_permission(request.user.has_perms(["consultations.view_dashboard", "consultations.export_inquiry"]))
        return save_figure(request)

    @method_decorator(require_POST)
    def save_requests_view(self, request):
        require_permission(request.user.has_perms(["consultations.view_inquiry", "consultations.export_inquiry"]))
        return save_requests(request)
