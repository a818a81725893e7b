from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = _lazy("Requests for a consultation")

    def ready(self):
        # These register what they hold. Not at the top of the file: models cannot be imported there yet.
        for module in ("checks", "mails", "audit_details"):
            import_module(f"consultations.{module}")
