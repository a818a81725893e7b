from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from consultations.forms import StoryField
from consultations.models import Status, Urgency


class StatusForm(forms.Form):
    to = forms.ChoiceField(choices=Status.choices)


class UrgencyForm(forms.Form):
    to = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices)


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Assignee"), queryset=None, required=False, empty_label=_("Nobody: back to the queue")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        users = get_user_model().objects
        backend = "django.contrib.auth.backends.ModelBackend"
        self.fields["to"].queryset = users.with_perm("consultations.change_inquiry", backend=backend).order_by(
            "username"
        )


class NoteForm(forms.Form):
    text = StoryField(
        label=_("New note"),
        help_text=_("The patient does not see it."),
        required_text=_("Write the note first."),
        rows=4,
    )
