"""Resets of second factors in admin."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from gutskin.accounts import actions
from gutskin.accounts.forms import FactorResetForm
from gutskin.accounts.models import FactorReset
from gutskin.accounts.reauthentication import recently_authenticated
from gutskin.http_methods import require_post


def _reset_page(pk):
    return reverse("admin:accounts_factorreset_change", args=[pk])


class FactorResetAdmin(admin.ModelAdmin):
    """One person requests a reset, another approves it. Its page shows the reason and the button to the second."""

    form = FactorResetForm
    list_display = ["user", "asked_by", "asked_at", "approved_by", "approved_at"]
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")

    def get_urls(self):
        approve = path(
            "<int:pk>/approve/", self.admin_site.admin_view(self.approve), name="accounts_factorreset_approve"
        )
        return [approve, *super().get_urls()]

    def has_module_permission(self, request):
        return request.user.has_perm("auth.change_user")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("auth.change_user")

    has_add_permission = has_module_permission

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.pk = actions.request_reset(obj.user, reason=obj.reason, by=request.user).pk

    def add_view(self, request, form_url="", extra_context=None):
        try:
            return super().add_view(request, form_url, extra_context)
        except actions.ResetRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:accounts_factorreset_add")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        waiting = str(object_id).isdecimal() and FactorReset.objects.waiting().filter(pk=object_id).first()
        context = {"waiting": waiting, "may_approve": waiting and waiting.asked_by != request.user.get_username()}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @method_decorator([require_post(back=_reset_page), recently_authenticated])
    def approve(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        reset = get_object_or_404(FactorReset.objects.select_related("user"), pk=pk)
        try:
            actions.approve_reset(reset, by=request.user)
        except actions.ResetRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("The second factor of %(name)s is reset. They will set up a new one when they next log in.")
                % {"name": reset},
            )
        return redirect(_reset_page(pk))
