"""The record of review decisions, and the PEMAT-P form that a reviewer may fill in when deciding."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _lazy

from education import pemat
from education.admin.badges import badge
from education.admin.filters import ClinicianFilter
from education.models import Decision, Review
from gutskin.admin_site import ReadOnlyAdminMixin

NO_ANSWER = ("", _lazy("No answer"))


class PematForm(forms.Form):
    """Optional. Its cleaned data is `pemat` alone: a dict from item numbers to answers, empty if none was given."""

    template = "admin/education/revision/_pemat_form.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number, item in pemat.ITEMS.items():
            # Without JavaScript a radio button cannot be cleared; choosing “No answer” undoes a wrong click.
            self.fields[f"pemat_{number}"] = forms.ChoiceField(
                label=item.text, choices=[*item.answers, NO_ANSWER], required=False, widget=forms.RadioSelect
            )

    def clean(self):
        typed = super().clean()
        answers = {number: typed[name] for number in pemat.ITEMS if typed.get(name := f"pemat_{number}")}
        # A value that no radio button has is already an error of its own field.
        if not self.errors:
            for problem in pemat.problems(answers):
                self.add_error(None, problem)
        # One entry instead of 24: confirm_action() passes cleaned data to the action as keywords.
        return {"pemat": answers}

    @property
    def domains(self):
        return [
            {"name": _lazy("Understandability"), "topics": self._topics(pemat.UNDERSTANDABILITY)},
            {"name": _lazy("Actionability"), "topics": self._topics(pemat.ACTIONABILITY)},
        ]

    @property
    def is_begun(self):
        """At least one item was answered: when the page is shown again, the items are not collapsed."""
        return any(self[name].data for name in self.fields)

    def _topics(self, topics):
        return [
            {"name": name, "rows": [{"item": item, "field": self[f"pemat_{item.number}"]} for item in items]}
            for name, items in topics
        ]


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """Read-only: decisions are made on the page of a revision, and are never edited."""

    fields = [
        "revision",
        "decision",
        "clinician",
        "user",
        "reason",
        "next_review_due",
        "understandability",
        "actionability",
        "pemat_answers",
        "created_at",
    ]
    list_display = [
        "revision",
        "decision_badge",
        "clinician",
        "user",
        "understandability",
        "actionability",
        "next_review_due",
        "created_at",
    ]
    list_filter = ["decision", ClinicianFilter, "created_at"]
    list_select_related = ["revision", "clinician", "user"]
    search_fields = ["revision__title", "clinician__name", "reason"]

    @admin.display(description=_lazy("decision"), ordering="decision")
    def decision_badge(self, review):
        state = "published" if review.decision == Decision.APPROVE else "changes_requested"
        return badge(state, review.get_decision_display())

    @admin.display(description=_lazy("PEMAT-P"), empty_value=_lazy("Not scored"))
    def pemat_answers(self, review):
        """Each item with its answer, one on each line."""
        labels = dict(pemat.Answer.choices)
        return format_html_join(
            "\n",
            "<p>{}. {}: {}</p>",
            (
                (number, labels[review.pemat[number]], item.text)
                for number, item in pemat.ITEMS.items()
                if number in review.pemat
            ),
        )
