from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext_lazy as _lazy

from education import search
from education.admin.fields import LinesField
from education.admin.plain_words import with_plain_words
from education.models import GlossaryTerm


class GlossaryTermForm(forms.ModelForm):
    also = LinesField(
        label=_lazy("Also called"), required=False, help_text=_lazy("Other words for it, one on each line.")
    )

    def clean_definition(self):
        return with_plain_words(self.cleaned_data["definition"])


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(admin.ModelAdmin):
    form = GlossaryTermForm
    fields = ["term", "slug", "language", "definition", "also", "article"]
    list_display = ["term", "language", "definition", "article"]
    list_filter = ["language"]
    list_select_related = ["article"]
    search_fields = ["term", "slug", "definition"]
    autocomplete_fields = ["article"]

    def get_readonly_fields(self, request, obj=None):
        # Articles name the word by its slug.
        return ["slug", "language"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["term"]}

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        search.index_term(obj)

    def delete_model(self, request, obj):
        search.unindex_term(obj)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for term in queryset:
            search.unindex_term(term)
        super().delete_queryset(request, queryset)
