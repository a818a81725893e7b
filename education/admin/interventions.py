from django.contrib import admin

from education.models import Intervention
from gutskin.edit_conflicts import EditConflictMixin, VersionedForm


@admin.register(Intervention)
class InterventionAdmin(EditConflictMixin, admin.ModelAdmin):
    """The rows of the evidence map."""

    form = VersionedForm
    fields = ["name", "slug", "plain_name", "position", "therapy"]
    list_display = ["name", "plain_name", "position", "therapy"]
    list_select_related = ["therapy"]
    search_fields = ["name", "plain_name", "slug"]
    autocomplete_fields = ["therapy"]

    def get_readonly_fields(self, request, obj=None):
        """Addresses and downloads name a row by its short name, so it stays as it is."""
        return ["slug"] if obj else []
