from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class AccountsConfig(AppConfig):
    name = "gutskin.accounts"
    label = "accounts"
    verbose_name = _lazy("Accounts of staff")

    def ready(self):
        # They register their kinds of mail. Here, because models cannot be imported earlier.
        import_module("gutskin.accounts.invitations")
        import_module("gutskin.accounts.story_rights")
