"""PEMAT-P as a part of the page on which a reviewer decides."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from education import pemat

NO_ANSWER = ("", _lazy("No answer"))


class PematForm(forms.Form):
    """Optional. Cleans into `pemat`: from an item's number to its answer, empty where nothing was answered."""

    template = "admin/education/revision/_pemat_form.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number, item in pemat.ITEMS.items():
            # “No answer” takes a wrong click back; without a script nothing else does.
            self.fields[f"pemat_{number}"] = forms.ChoiceField(
                label=item.text, choices=[*item.answers, NO_ANSWER], required=False, widget=forms.RadioSelect
            )

    def clean(self):
        typed = super().clean()
        answers = {number: typed[name] for number in pemat.ITEMS if typed.get(name := f"pemat_{number}")}
        # An answer that no radio button has is an error of its field already.
        if not self.errors:
            for problem in pemat.problems(answers):
                self.add_error(None, problem)
        return {"pemat": answers}

    @property
    def domains(self):
        return [
            {"name": _lazy("Understandability"), "topics": self._topics(pemat.UNDERSTANDABILITY)},
            {"name": _lazy("Actionability"), "topics": self._topics(pemat.ACTIONABILITY)},
        ]

    @property
    def is_begun(self):
        """Something was answered: then the page comes back with the items open."""
        return any(self[name].data for name in self.fields)

    def _topics(self, topics):
        return [
            {"name": name, "rows": [{"item": item, "field": self[f"pemat_{item.number}"]} for item in items]}
            for name, items in topics
        ]
