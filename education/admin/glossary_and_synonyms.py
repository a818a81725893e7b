"""Words: the glossary that explains them, and the groups of synonyms that search treats as one."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _lazy

from education import search
from education.admin.fields import LinesField, clean_patient_text
from education.models import GlossaryTerm, SynonymGroup
from education.search import synonyms
from gutskin.edit_conflicts import EditConflictMixin, VersionedFormMixin
from gutskin.visible_text import is_visible


class GlossaryTermForm(VersionedFormMixin, forms.ModelForm):
    also = LinesField(
        label=_lazy("Also called"), required=False, help_text=_lazy("Other words for it, one on each line.")
    )

    def clean_definition(self):
        return clean_patient_text(self.cleaned_data["definition"])


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(EditConflictMixin, admin.ModelAdmin):
    form = GlossaryTermForm
    fields = ["term", "slug", "language", "definition", "also", "article"]
    list_display = ["term", "language", "definition", "article"]
    list_filter = ["language"]
    list_select_related = ["article"]
    search_fields = ["term", "slug", "also", "definition"]
    autocomplete_fields = ["article"]

    def get_readonly_fields(self, request, obj=None):
        # Articles refer to a term by its slug, frozen revisions included.
        return ["slug", "language"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["term"]}

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        search.index_term(obj)

    def delete_model(self, request, obj):
        search.unindex_term(obj)
        super().delete_model(request, obj)

    # Django's bulk deletion calls neither delete_model() nor Model.delete().
    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for term in queryset:
            search.unindex_term(term)
        super().delete_queryset(request, queryset)


class SynonymGroupForm(VersionedFormMixin, forms.ModelForm):
    def clean_names(self):
        lines = (" ".join(line.split()) for line in self.cleaned_data["names"].splitlines())
        return "\n".join(dict.fromkeys(line for line in lines if is_visible(line)))

    def clean(self):
        super().clean()
        names = self.cleaned_data.get("names", "").splitlines()
        language = self.cleaned_data.get("language", self.instance.language)
        if not names:
            return
        if problems := synonyms.problems(names, language):
            raise ValidationError({"names": problems})
        others = SynonymGroup.objects.filter(language=language).exclude(pk=self.instance.pk)
        if overlapping := synonyms.groups_that_share_a_name(names, language, others):
            message = _lazy("A name here is already in another group: %(group)s. Add to that group instead.")
            raise ValidationError({"names": [message % {"group": group} for group in overlapping]})


@admin.register(SynonymGroup)
class SynonymGroupAdmin(EditConflictMixin, admin.ModelAdmin):
    """Search reads the groups from the database each time, so a change takes effect with the next search."""

    form = SynonymGroupForm
    fields = ["names", "language"]
    list_display = ["__str__", "language"]
    list_filter = ["language"]
    search_fields = ["names"]
