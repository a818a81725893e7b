from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _lazy

from education import pemat
from education.admin.badges import chip
from education.models import Decision, Review


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    """A record of decisions: they are made on the page of a revision, and never edited."""

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
        "decision_chip",
        "clinician",
        "user",
        "understandability",
        "actionability",
        "next_review_due",
        "created_at",
    ]
    list_filter = ["decision", "clinician"]
    list_select_related = ["revision", "clinician", "user"]
    search_fields = ["revision__title", "clinician__name", "reason"]
    date_hierarchy = "created_at"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_lazy("decision"), ordering="decision")
    def decision_chip(self, review):
        state = "published" if review.decision == Decision.APPROVE else "changes_requested"
        return chip(state, review.get_decision_display())

    @admin.display(description=_lazy("PEMAT-P"), empty_value=_lazy("Not scored"))
    def pemat_answers(self, review):
        """Every item with its answer, a line for each."""
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
