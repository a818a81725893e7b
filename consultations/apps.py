from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = _("Requests for a consultation")

    def ready(self):
        # Its checks register themselves. Not at the top of the file: models cannot be imported there yet.
        import_module("consultations.checks")
