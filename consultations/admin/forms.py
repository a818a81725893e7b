import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _lazy

from consultations.admin.assignee import AssigneeField
from consultations.canned_replies import unfilled_variables
from consultations.forms.inquiry import LongTextField, parse_uuid
from consultations.models import CannedReply, Inquiry, Outcome, Status, StoryAccess, Urgency
from consultations.queue.teams import colleagues
from gutskin.storable_text import StorableTextMixin

LARGEST_NUMBER = 2**63 - 1
# Given by merging only: it says under which request the patient is answered.
OUTCOMES = [(value, label) for value, label in Outcome.choices if value != Outcome.DUPLICATE]


class RequestForm(StorableTextMixin, forms.Form):
    """A form of the request's page. It brings back how far the conversation went that was on the screen.

    What no database can store is taken out before it is checked, so that the rest can be shown again.
    """

    seen = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=LARGEST_NUMBER,
        widget=forms.HiddenInput({"autocomplete": "off"}),
    )

    def __init__(self, data=None, **kwargs):
        # Several of these forms are on one page: each has ids of its own.
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}-%s")
        super().__init__(data, **kwargs)

    def looks_at(self, newest):
        """For the page that is shown now."""
        if self.is_bound:
            self.data["seen"] = str(newest)
        self.initial["seen"] = newest
        return self


class StatusForm(RequestForm):
    to = forms.ChoiceField(choices=Status.choices)
    outcome = forms.ChoiceField(label=_lazy("How did it end?"), choices=[("", "---------"), *OUTCOMES], required=False)


class UrgencyForm(RequestForm):
    to = forms.ChoiceField(label=_lazy("Urgency"), choices=Urgency.choices)


class AssignForm(RequestForm):
    to = AssigneeField(label=_lazy("Hand over to"))
    # Who had it on the page that was sent: the number of a user, 0 for nobody.
    had_by = forms.IntegerField(
        required=False, min_value=0, max_value=LARGEST_NUMBER, widget=forms.HiddenInput({"autocomplete": "off"})
    )
    note = LongTextField(
        label=_lazy("A word to whoever takes it over (optional)"), help_text=_lazy("It becomes a note."), rows=2
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues()


class NoteForm(RequestForm):
    text = LongTextField(
        label=_lazy("New note"),
        help_text=_lazy("The patient does not see it."),
        required_text=_lazy("Write the note first."),
        rows=4,
    )


class ReplyForm(RequestForm):
    # Issued with the form: the same form sent twice is one reply.
    key = forms.UUIDField(widget=forms.HiddenInput({"autocomplete": "off"}))
    canned = forms.ModelChoiceField(
        label=_lazy("Begin with"), queryset=None, required=False, empty_label=_lazy("Choose a canned reply")
    )
    text = LongTextField(
        label=_lazy("Your reply"),
        help_text=_lazy("The patient reads it on the status page. The mail says only that there is a reply."),
        required_text=_lazy("Write the reply first."),
        rows=10,
    )
    asks = forms.BooleanField(label=_lazy("It asks the patient for something"), required=False)

    def __init__(self, data=None, *, language, **kwargs):
        super().__init__(data, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())
        if self.is_bound and parse_uuid(self.data.get("key", "")) is None:
            self.data["key"] = str(uuid.uuid4())
        offered = CannedReply.objects.filter(is_active=True)
        self.fields["canned"].queryset = offered
        self.language = language

    def canned_in_order(self):
        """Those in the patient's language first."""
        return sorted(self.fields["canned"].queryset, key=lambda reply: (reply.language != self.language, reply.title))

    def clean_text(self):
        if unfilled := unfilled_variables(self.cleaned_data["text"]):
            raise ValidationError(
                _lazy("Write something instead of %(gaps)s."),
                params={"gaps": ", ".join(f"{{{name}}}" for name in unfilled)},
            )
        return self.cleaned_data["text"]


class ReasonForm(RequestForm):
    reason = forms.ChoiceField(label=_lazy("Why do you need to read it?"), choices=StoryAccess.Reason.choices)
    explanation = LongTextField(
        label=_lazy("Explanation (needed for “another reason”)"),
        help_text=_lazy("Please write nothing about the patient's health here."),
        rows=2,
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") == StoryAccess.Reason.OTHER and not cleaned.get("explanation", "x"):
            self.add_error("explanation", _lazy("Explain the reason in a sentence."))
        return cleaned


class MergeForm(RequestForm):
    into = forms.CharField(
        label=_lazy("Reference of the request that goes on"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _lazy("Type the reference of the other request, such as GS-7K2M-9QXA.")},
    )
    confirmed = forms.BooleanField(label=_lazy("I have made sure that both are from the same person"), required=False)

    def __init__(self, data=None, *, user, **kwargs):
        super().__init__(data, **kwargs)
        self.user = user

    def clean_into(self):
        """The request, of those that the user may see."""
        reference = self.cleaned_data["into"].strip().upper()
        if target := Inquiry.objects.visible_to(self.user).filter(reference=reference).first():
            return target
        raise ValidationError(_lazy("There is no such request that you may see. Please check the reference."))


class HoldForm(RequestForm):
    text = LongTextField(
        label=_lazy("Reason"),
        help_text=_lazy("It becomes a note for colleagues."),
        required_text=_lazy("Write the reason first."),
        rows=2,
    )


class EraseForm(RequestForm):
    reference = forms.CharField(
        label=_lazy("Type the reference of this request"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _lazy("Type the reference, so that the right request is erased.")},
    )

    def __init__(self, data=None, *, inquiry, **kwargs):
        super().__init__(data, **kwargs)
        self.inquiry = inquiry

    def clean_reference(self):
        if self.cleaned_data["reference"].strip().upper() != self.inquiry.reference:
            raise ValidationError(_lazy("This is not the reference of this request. Nothing was erased."))
        return self.inquiry.reference
