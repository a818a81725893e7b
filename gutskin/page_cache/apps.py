from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _lazy


class PageCacheConfig(AppConfig):
    name = "gutskin.page_cache"
    verbose_name = _lazy("Page cache")

    def ready(self):
        # Imported here, because models cannot be imported earlier.
        from gutskin.page_cache.triggers import create_triggers

        # After every migration, whichever app it belongs to: SQLite loses the triggers of a table that it rebuilds.
        post_migrate.connect(create_triggers, dispatch_uid="gutskin.page_cache")
