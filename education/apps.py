from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class EducationConfig(AppConfig):
    name = "education"
    verbose_name = _lazy("Articles and evidence")

    def ready(self):
        # Importing it registers what is in it. Not at the top of the file: models cannot be imported there yet.
        import_module("education.mails")
