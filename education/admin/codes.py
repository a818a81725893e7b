import re

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _lazy

from education.models import ClinicalCode, CodeSystem

ICD_10_CM = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
SNOMED_CT = re.compile(r"[1-9]\d{5,17}")


class ClinicalCodeForm(forms.ModelForm):
    def clean(self):
        """Codes are looked up as they are written, so each is kept in one spelling: L20.84, with capital and dot."""
        data = super().clean()
        code = "".join(data.get("code", "").split())
        match data.get("system"):
            case CodeSystem.ICD_10_CM if code:
                data["code"] = code = _with_dot(code.upper())
                self._stop_if_odd(code, ICD_10_CM, _lazy("This is not an ICD-10-CM code. It looks like L20 or L20.84."))
            case CodeSystem.SNOMED_CT if code:
                data["code"] = code
                self._stop_if_odd(code, SNOMED_CT, _lazy("This is not a SNOMED CT code. It looks like 24079001."))
        return data

    def _stop_if_odd(self, code, pattern, sentence):
        """What was stored before there was a rule can stay until somebody mends it."""
        if not pattern.fullmatch(code) and code != self.instance.code:
            self.add_error("code", sentence)


@admin.register(ClinicalCode)
class ClinicalCodeAdmin(admin.ModelAdmin):
    form = ClinicalCodeForm
    list_display = ["code", "system", "display", "article", "descendants", "excluded", "is_confirmed"]
    list_filter = ["system", "is_confirmed", "excluded", "article__kind"]
    list_select_related = ["article"]
    search_fields = ["code", "display", "article__title"]
    autocomplete_fields = ["article"]


def _with_dot(code):
    return code if "." in code or len(code) <= 3 else f"{code[:3]}.{code[3:]}"
