"""Canned replies: texts with variables that clinicians start a reply from."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.canned_replies import VARIABLES, unknown_variables
from consultations.models import CannedReply
from gutskin.edit_conflicts import EditConflictMixin, VersionedFormMixin


class CannedReplyForm(VersionedFormMixin, forms.ModelForm):
    class Meta:
        fields = ["title", "language", "text", "is_active"]
        widgets = {
            "text": forms.Textarea({"rows": 14, "dir": "auto", "class": "vLargeTextField"}),
            "language": forms.Select(),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A user who may only view gets a form without fields.
        if "language" in self.fields:
            # The languages of the site, and the stored one if the site no longer has it.
            offered = dict(settings.LANGUAGES) | {self.instance.language: self.instance.language}
            choices = [(code, dict(settings.LANGUAGES).get(code, code)) for code in offered]
            self.fields["language"] = forms.ChoiceField(label=_lazy("Language"), choices=choices)

    def clean_text(self):
        text = self.cleaned_data["text"]
        if unknown := unknown_variables(text):
            raise ValidationError(
                _lazy("Nothing can be filled in for %(unknown)s. These can be used: %(known)s."),
                params={
                    "unknown": ", ".join(f"{{{name}}}" for name in unknown),
                    "known": ", ".join(f"{{{name}}}" for name in VARIABLES),
                },
            )
        return text


@admin.register(CannedReply)
class CannedReplyAdmin(EditConflictMixin, admin.ModelAdmin):
    """Shared by everyone who answers requests."""

    form = CannedReplyForm
    list_display = ["title", "language", "is_active"]
    list_filter = ["language", "is_active"]
    search_fields = ["title"]
    fields = ["title", "language", "text", "variables", "is_active"]
    readonly_fields = ["variables"]

    @admin.display(description=_lazy("what can be filled in"))
    def variables(self, reply):
        rows = [("{" + name + "}", words) for name, words in VARIABLES.items()]
        words = format_html_join("", "<li><code>{}</code>: {}</li>", rows)
        warning = _("Write nothing about a particular patient here: everyone who answers requests can read it.")
        return format_html("<ul>{}</ul><p>{}</p>", words, warning)
