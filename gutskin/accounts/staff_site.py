"""Django admin under the site's own name: the staff's workplace."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _lazy

from gutskin.accounts.second_factor import used_second_factor
from gutskin.accounts.session_limits import ends_anyway, seconds_left
from gutskin.staff_lists import staff_list


class StaffSite(admin.AdminSite):
    site_header = _lazy("GutSkin for staff")
    site_title = _lazy("GutSkin for staff")
    index_title = _lazy("Your work")
    site_url = "/"

    def has_permission(self, request):
        """The gate (accounts/second_factor.py) has asked already; without it, admin would be closed and not open."""
        return super().has_permission(request) and used_second_factor(request)

    def each_context(self, request):
        session = {"session_seconds": seconds_left(request), "session_final": ends_anyway(request)}
        return super().each_context(request) | session

    def login(self, request, extra_context=None):
        """No second door: whoever comes here goes to the one there is."""
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
            wanted = reverse("admin:index")
        return redirect_to_login(wanted)

    def logout(self, request, extra_context=None):
        """The same button as on the pages of one's account: that page asks, and tells the audit log."""
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def register(self, model_or_iterable, admin_class=None, **options):
        """Whatever app brings a list, it is one that withstands every address (gutskin/staff_lists.py)."""
        admin_class = admin_class or admin.ModelAdmin
        if admin_class.get_changelist is admin.ModelAdmin.get_changelist:
            options["get_changelist"] = staff_list
        super().register(model_or_iterable, admin_class, **options)
