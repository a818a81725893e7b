"""The form of the working copy: its editor, and the guard against two people saving over each other."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _lazy
from django_prose_editor.widgets import ProseEditorWidget

from education.models import Article


class ProseTextarea(ProseEditorWidget):
    """A plain text area that static/js/prose-editor.js turns into the editor.

    Its own media has no import map: that would be an inline script, which the Content-Security-Policy forbids.
    """

    @property
    def media(self):
        return forms.Media(js=[forms.Script("js/prose-editor.js", type="module")])

    def get_context(self, name, value, attrs):
        context = forms.Textarea.get_context(self, name, value, attrs)
        context["widget"]["attrs"]["data-prose"] = json.dumps(self.config["extensions"])
        return context


class ArticleForm(forms.ModelForm):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    replaces_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = []
        widgets = {
            "body": ProseTextarea(attrs={"rows": 30, "class": "vLargeTextField"}),
            "summary": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "key_points": forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
            "questions": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
            "conflicts_of_interest": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "related": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.newer = None
        if self.instance.pk:
            self.initial["version"] = self.instance.version
        if "related" in self.fields and self.instance.pk:
            self.fields["related"].queryset = Article.objects.exclude(pk=self.instance.pk)

    def clean(self):
        data = super().clean()
        if self.instance.pk:
            current = Article.objects.select_related("updated_by").get(pk=self.instance.pk)
            if current.version != self.seen_version:
                self.newer = current
                self.add_error(None, _lazy("This article was saved by somebody else after you opened it."))
        return data

    @property
    def seen_version(self):
        """The version whose text the person saving has seen: the one they opened, or the one they chose to replace."""
        return self.cleaned_data.get("replaces_version") or self.cleaned_data.get("version")
