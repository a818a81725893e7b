from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class HeartbeatsConfig(AppConfig):
    name = "gutskin.heartbeats"
    verbose_name = _lazy("Heartbeats")
