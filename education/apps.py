from datetime import timedelta
from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy

# Models of which no public page shows anything: what readers answer, and what is only for staff.
NOT_ON_PUBLIC_PAGES = frozenset({"Feedback", "FeedbackLimit", "ReviewDigest"})


class EducationConfig(AppConfig):
    name = "education"
    verbose_name = _lazy("Articles and evidence")

    def ready(self):
        # Importing it registers what is in it. Not at the top of the file: models cannot be imported there yet.
        import_module("education.mails")
        content_apps = import_module("gutskin.page_cache.triggers").content_apps
        content_apps["education"] = NOT_ON_PUBLIC_PAGES
        import_module("gutskin.heartbeats.models").expected["scheduler"] = lambda: timedelta(minutes=5)
