"""Two small tables: the clinical codes by which health records find articles, and the clinicians who sign reviews."""

import re

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _lazy

from education.models import ClinicalCode, Clinician, CodeSystem
from gutskin.edit_conflicts import EditConflictMixin, VersionedForm, VersionedFormMixin

# ICD-10-CM codes have three to seven characters, with a dot after the third; SNOMED CT identifiers 6 to 18 digits.
ICD_10_CM = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
SNOMED_CT = re.compile(r"[1-9]\d{5,17}")


class ClinicalCodeForm(VersionedFormMixin, forms.ModelForm):
    def clean(self):
        """Health records look codes up literally, so each is stored in one spelling: L20.84, with capital and dot."""
        data = super().clean()
        code = "".join(data.get("code", "").split())
        match data.get("system"):
            case CodeSystem.ICD_10_CM if code:
                data["code"] = code = _with_dot(code.upper())
                self._reject_unless(
                    ICD_10_CM, code, _lazy("This is not an ICD-10-CM code. It looks like L20 or L20.84.")
                )
            case CodeSystem.SNOMED_CT if code:
                data["code"] = code
                self._reject_unless(SNOMED_CT, code, _lazy("This is not a SNOMED CT code. It looks like 24079001."))
        return data

    def _reject_unless(self, pattern, code, message):
        """A code stored before there was a rule may stay, so that the rest of its row can be saved."""
        if not pattern.fullmatch(code) and code != self.instance.code:
            self.add_error("code", message)


def _with_dot(code):
    return code if "." in code or len(code) <= 3 else f"{code[:3]}.{code[3:]}"


@admin.register(ClinicalCode)
class ClinicalCodeAdmin(EditConflictMixin, admin.ModelAdmin):
    form = ClinicalCodeForm
    fields = ["article", "system", "code", "display", "descendants", "excluded", "is_confirmed", "note"]
    list_display = ["code", "system", "display", "article", "descendants", "excluded", "is_confirmed"]
    list_filter = ["system", "is_confirmed", "excluded", "article__kind"]
    list_select_related = ["article"]
    search_fields = ["code", "display", "article__title"]
    autocomplete_fields = ["article"]


@admin.register(Clinician)
class ClinicianAdmin(EditConflictMixin, admin.ModelAdmin):
    form = VersionedForm
    fields = ["name", "credentials", "role", "user", "about", "is_listed"]
    list_display = ["name", "credentials", "role", "user", "is_listed"]
    list_filter = ["is_listed"]
    list_select_related = ["user"]
    search_fields = ["name", "role"]
    autocomplete_fields = ["user"]
