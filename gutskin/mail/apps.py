from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class MailConfig(AppConfig):
    name = "gutskin.mail"
    verbose_name = _lazy("Mail")
