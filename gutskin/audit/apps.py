from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class AuditConfig(AppConfig):
    name = "gutskin.audit"
    verbose_name = _lazy("Audit log")
