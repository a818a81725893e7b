"""Django admin under the site's own name: the staff's workplace."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class StaffAdminConfig(AdminConfig):
    default_site = "gutskin.staff_site.StaffSite"


class StaffSite(admin.AdminSite):
    site_header = _("GutSkin for staff")
    site_title = _("GutSkin for staff")
    index_title = _("Your work")
    site_url = "/"
