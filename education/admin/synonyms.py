from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _lazy

from education.models import SynonymGroup
from education.search import synonyms


class SynonymGroupForm(forms.ModelForm):
    def clean_names(self):
        lines = (" ".join(line.split()) for line in self.cleaned_data["names"].splitlines())
        return "\n".join(dict.fromkeys(line for line in lines if line))

    def clean(self):
        names = self.cleaned_data.get("names", "").splitlines()
        language = self.cleaned_data.get("language", self.instance.language)
        if not names:
            return
        if found := synonyms.problems(names, language):
            raise ValidationError({"names": found})
        others = SynonymGroup.objects.filter(language=language).exclude(pk=self.instance.pk)
        if shared := synonyms.groups_that_share_a_name(names, language, others):
            raise ValidationError(
                {
                    "names": [
                        _lazy("A name here is in another group already: %(group)s. Add to that group instead.")
                        % {"group": group}
                        for group in shared
                    ]
                }
            )


@admin.register(SynonymGroup)
class SynonymGroupAdmin(admin.ModelAdmin):
    """Search reads the groups anew each time, so a change counts from the next search on."""

    form = SynonymGroupForm
    fields = ["names", "language"]
    list_display = ["__str__", "language"]
    list_filter = ["language"]
    search_fields = ["names"]
