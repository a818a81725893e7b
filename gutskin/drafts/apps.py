from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class DraftsConfig(AppConfig):
    name = "gutskin.drafts"
    verbose_name = _lazy("Drafts")
