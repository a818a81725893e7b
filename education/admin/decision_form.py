"""What is asked when someone decides about new papers of the evidence map."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from education.actions.new_papers import NEW_STATEMENT
from education.models import EvidenceStatement, NewPaper
from gutskin.visible_text import VisibleTextMixin


class DecisionForm(VisibleTextMixin, forms.Form):
    """What the papers mean. The statements to choose from are those of their cell."""

    decision = forms.ChoiceField(
        label=_lazy("What this means"),
        choices=NewPaper.Decision,
        widget=forms.RadioSelect,
        error_messages={"required": _lazy("Choose what the papers mean.")},
    )
    # Not a select box, which cuts their sentences off on a narrow screen.
    statement = forms.ChoiceField(
        label=_lazy("Attach it to"),
        required=False,
        initial="",
        widget=forms.RadioSelect,
        help_text=_lazy("A published statement is revised: you get its draft, and readers still see the old one."),
    )


def decision_form(papers):
    """The form class for these papers: of several cells, none has statements to choose from."""
    choices = [("", _("no statement"))]
    if len({paper.question_id for paper in papers}) == 1:
        question = papers[0].question
        statements = EvidenceStatement.objects.filter(
            condition=question.condition_id, intervention=question.intervention_id
        ).exclude(state=EvidenceStatement.State.SUPERSEDED)
        choices += [(str(one.pk), f"{one.sentence} ({one.get_state_display()})") for one in statements.order_by("pk")]
        choices.append((NEW_STATEMENT, _("a new statement, to be written")))

    class FormForThese(DecisionForm):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["statement"].choices = choices

        def clean_statement(self):
            value = self.cleaned_data["statement"]
            if value in {"", NEW_STATEMENT}:
                return value or None
            statement = EvidenceStatement.objects.filter(pk=value).first()
            if statement is None:
                raise forms.ValidationError(_lazy("This statement is no longer there. Choose another one."))
            return statement

    return FormForThese
