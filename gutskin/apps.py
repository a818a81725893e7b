from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """Apart from the site itself, which imports models: apps are read before those."""

    default_site = "gutskin.staff_site.StaffSite"
