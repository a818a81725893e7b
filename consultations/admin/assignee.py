"""Who has a request: to be chosen in a form, and to be named in a list."""

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Inquiry

NOBODY = "nobody"


class _Choices(ModelChoiceIterator):
    def __iter__(self):
        choices = super().__iter__()
        yield next(choices)
        yield NOBODY, _lazy("Nobody: back to the queue")
        yield from choices


class AssigneeField(forms.ModelChoiceField):
    """A colleague, or None for “Nobody”, which is a choice of its own. Nothing chosen is a slip and takes nothing away.

    The form sets the query set.
    """

    iterator = _Choices

    def __init__(self, **kwargs):
        words = {"required": _lazy("Choose a colleague first, or “Nobody: back to the queue”.")}
        super().__init__(None, empty_label=_lazy("Choose a colleague"), error_messages=words, **kwargs)

    def clean(self, value):
        return None if value == NOBODY else super().clean(value)


def assignee_of(inquiry: Inquiry) -> str:
    """The name for the staff's eyes, empty for nobody. `assignee` should come with the request (select_related)."""
    user = inquiry.assignee
    if user is None or user.is_active:
        return str(user or "")
    return _("%(name)s (has left)") % {"name": user}
