from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from education.admin.chips import chip
from education.admin.lines import LinesField
from education.admin.plain_words import with_plain_words
from education.models import Reference, ReferenceStatus


class ReferenceForm(forms.ModelForm):
    authors = LinesField(label=_("Authors"), required=False, help_text=_("One on each line, for example: Zhao Y."))
    url = forms.URLField(label=_("Address"), required=False, max_length=300, assume_scheme="https")
    unconfirmed_fields = LinesField(
        label=_("Fields still to be confirmed"), required=False, help_text=_("Their names, one on each line.")
    )

    def clean_finding(self):
        return with_plain_words(self.cleaned_data["finding"])

    def clean(self):
        data = super().clean()
        needs_reason = data.get("status") in {ReferenceStatus.RETRACTED, ReferenceStatus.REJECTED}
        if needs_reason and not data.get("status_reason", "").strip():
            self.add_error("status_reason", _("Say why the source is retracted or rejected."))
        return data


@admin.register(Reference)
class ReferenceAdmin(admin.ModelAdmin):
    """Rejected records stay here with their reason; readers never meet them."""

    form = ReferenceForm
    list_display = ["key", "first_author", "title", "container_title", "year", "status_chip", "status_reason"]
    list_filter = ["status", "year"]
    search_fields = ["key", "title", "authors", "container_title", "doi", "pmid"]
    readonly_fields = ["checked_at", "checked_by"]
    fieldsets = [
        (None, {"fields": ["key", "status", "status_reason", "checked_at", "checked_by"]}),
        (
            _("The paper"),
            {"fields": ["authors", "et_al", "title", "container_title", "year", "volume", "issue", "page"]},
        ),
        (_("Where to find it"), {"fields": ["doi", "pmid", "pmcid", "url"]}),
        (
            _("What it says"),
            {"fields": ["study_type", "finding", "certainty", "certainty_reason", "unconfirmed_fields"]},
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        # Articles and statements cite by key.
        return [*self.readonly_fields, "key"] if obj else self.readonly_fields

    def save_model(self, request, obj, form, change):
        if "status" in form.changed_data:
            obj.checked_at = timezone.now()
            obj.checked_by = request.user.get_username()
        super().save_model(request, obj, form, change)

    @admin.display(description=_("first author"))
    def first_author(self, reference):
        return reference.authors[0] if reference.authors else ""

    @admin.display(description=_("status"), ordering="status")
    def status_chip(self, reference):
        return chip(reference.status, reference.get_status_display())
