from importlib import import_module

from allauth.usersessions import apps as usersessions
from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles import apps as staticfiles


class GutSkinConfig(AppConfig):
    """The project package is an app for its commands and checks; it has no models of its own."""

    name = "gutskin"

    def ready(self):
        import_module("gutskin.checks")


class UserSessionsConfig(usersessions.UserSessionsConfig):
    """allauth's list of sessions without its signals: they would store the key of each session as it is.

    `remember_session` in gutskin/accounts/actions.py stores its digest instead.
    """

    def ready(self):
        pass


class StaticFilesConfig(staticfiles.StaticFilesConfig):
    """Leaves out what admin loads only with DEBUG, which reads all files from where they lie.

    Compressing these took a third of the time of collectstatic.
    """

    ignore_patterns = [*staticfiles.StaticFilesConfig.ignore_patterns, "jquery.js", "select2.full.js", "xregexp.js"]


class StaffAdminConfig(AdminConfig):
    """Sets our admin site. It is named, not imported: its module imports models, which are not loaded yet here."""

    default_site = "gutskin.admin_site.StaffSite"
