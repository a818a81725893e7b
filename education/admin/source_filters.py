"""Which pages and statements rest on sources that hold no more, or that nobody could confirm."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _lazy


class ArticleSourcesFilter(admin.SimpleListFilter):
    """Of published pages; the working copy of each says itself what stands against it."""

    title = _lazy("sources")
    parameter_name = "sources"

    def lookups(self, request, model_admin):
        return [("flagged", _lazy("Rests on a retracted or rejected one"))]

    def queryset(self, request, queryset):
        return queryset.resting_on_flagged() if self.value() == "flagged" else queryset


class StatementSourcesFilter(ArticleSourcesFilter):
    """Statements show their references, and those that nobody could confirm too."""

    def lookups(self, request, model_admin):
        return [*super().lookups(request, model_admin), ("weak", _lazy("Rests on a flagged or unconfirmed one"))]

    def queryset(self, request, queryset):
        if self.value() == "weak":
            return queryset.on_weak_references()
        return super().queryset(request, queryset)
