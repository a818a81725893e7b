from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _lazy

from education.models import Intervention
from gutskin.edit_conflicts import EditConflictMixin, VersionedForm


class InterventionForm(VersionedForm):
    def clean_name(self):
        """Two rows of one name could not be told apart, whatever their capitals and spaces."""
        name = self.cleaned_data["name"]
        others = Intervention.objects.exclude(pk=self.instance.pk).order_by().values_list("name", flat=True)
        # Compared here, because SQLite knows the cases of ASCII only.
        if _key(name) in map(_key, others):
            raise ValidationError(_lazy("Another row has this name."))
        return name


def _key(name):
    return " ".join(name.casefold().split())


@admin.register(Intervention)
class InterventionAdmin(EditConflictMixin, admin.ModelAdmin):
    """The rows of the evidence map."""

    form = InterventionForm
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "slug", "plain_name", "position", "therapy"],
                "description": _lazy(
                    "Readers see the row on the evidence map as soon as you save it. No one approves it."
                ),
            },
        ),
        (_lazy("New papers"), {"fields": ["search_words", "is_no_treatment"]}),
    ]
    list_display = ["name", "plain_name", "position", "therapy"]
    list_select_related = ["therapy"]
    search_fields = ["name", "plain_name", "slug"]
    autocomplete_fields = ["therapy"]

    def get_readonly_fields(self, request, obj=None):
        """Addresses and downloads name a row by its short name, so it stays as it is."""
        return ["slug"] if obj else []
