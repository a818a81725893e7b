from datetime import timedelta
from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class MailConfig(AppConfig):
    name = "gutskin.mail"
    verbose_name = _lazy("Mail")

    def ready(self):
        # Imported here, because models cannot be imported earlier.
        import_module("gutskin.heartbeats.models").expected["mail_worker"] = lambda: timedelta(minutes=5)
