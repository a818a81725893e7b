from datetime import timedelta
from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _lazy


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = _lazy("Requests for a consultation")

    def ready(self):
        # Importing these registers their checks, mails, labels and rules. Here, because models cannot be imported
        # earlier.
        for module in ("checks", "mails", "audit_details", "red_flags.readers"):
            import_module(f"consultations.{module}")
        leads_to_stories = import_module("gutskin.accounts.story_rights").leads_to_stories
        import_module("gutskin.heartbeats.models").expected["backup"] = _backup_within
        import_module("gutskin.loop_command").hourly_jobs.append(_count_figures)
        leads_to_stories.update(import_module("consultations.access").LEADS_TO_STORIES)


def _count_figures():
    import_module("consultations.figures.counted").count_hourly()


def _backup_within():
    hours = settings.BACKUP_WITHIN_HOURS
    return timedelta(hours=hours) if hours else None
