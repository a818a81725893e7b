from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class AuditConfig(AppConfig):
    name = "gutskin.audit"
    verbose_name = _lazy("Audit log")

    def ready(self):
        # Here, because models cannot be imported earlier.
        import_module("gutskin.mail.jobs").hourly.append(import_module("gutskin.audit.head_watch").HeadWatch())
