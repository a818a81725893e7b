from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = _("Requests for a consultation")

    def ready(self):
        # Registers itself; not at the top of the file, since models cannot be imported there yet.
        from consultations import checks  # noqa: F401
