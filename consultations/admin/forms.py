"""The forms of the queue and of a request's page."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _lazy

from consultations.canned_replies import unfilled_variables
from consultations.forms.fields import LongTextField, parse_uuid
from consultations.models import CannedReply, Inquiry, Outcome, Status, StoryAccess, Urgency
from consultations.queue.teams import colleagues
from gutskin.storable_text import StorableTextMixin

# The largest primary key: a longer number would be an error of the database, not of the form.
LARGEST_KEY = 2**63 - 1
# DUPLICATE is set by merging only, which also says under which request the patient is answered.
OUTCOMES = [(value, label) for value, label in Outcome.choices if value != Outcome.DUPLICATE]
NOBODY = "nobody"


class _Choices(ModelChoiceIterator):
    def __iter__(self):
        choices = super().__iter__()
        yield next(choices)
        yield NOBODY, _lazy("No one: back to the queue")
        yield from choices


class AssigneeField(forms.ModelChoiceField):
    """Cleans to a colleague, or to None for “No one”. The form sets the queryset.

    “No one” is a choice of its own and the empty choice an error, so that a request is not taken away by a slip.
    """

    iterator = _Choices

    def __init__(self, **kwargs):
        messages = {"required": _lazy("Choose a colleague first, or “No one: back to the queue”.")}
        super().__init__(None, empty_label=_lazy("Choose a colleague"), error_messages=messages, **kwargs)

    def clean(self, value):
        return None if value == NOBODY else super().clean(value)


class RequestPageForm(StorableTextMixin, forms.Form):
    """Base of the forms on a request's page.

    `seen` brings back the primary key of the newest message that the page showed, and `seen_note` that of the newest
    note, so that an action can refuse when there is a newer one. Characters that no database can store are removed
    before the form is validated: the text can then be shown again, with an error that says so.

    The page is one HTML form, so the names of fields begin with the step that they belong to. Buttons, and fields that
    occur once, may leave that out: a button's value replaces the field of the same name.
    """

    # The step that takes this form, see STEPS in inquiry.py; empty for a form on a page of its own.
    step = ""
    # What a draft keeps: the text first, then what belongs to it.
    draft_fields = ()

    # Once on the page, for whichever form is sent.
    seen = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_KEY, widget=forms.HiddenInput)
    # Empty if the page showed no notes, because the story is closed to the user.
    seen_note = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_KEY, widget=forms.HiddenInput)

    def __init__(self, data=None, **kwargs):
        # There are several forms on one page, so the ids of their fields need a prefix.
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}-%s")
        super().__init__(data, **kwargs)

    def add_prefix(self, field_name):
        return f"{self.step}-{field_name}" if self.step else field_name

    def make_storable(self, data):
        """The form's own fields of the page, under their full names."""
        own = QueryDict(mutable=True)
        for name in self.base_fields:
            for posted in (self.add_prefix(name), name):
                if posted in data:
                    own.setlist(name, data.getlist(posted))
        own = super().make_storable(own)
        for name in [name for name in own if name != self.add_prefix(name)]:
            own.setlist(self.add_prefix(name), own.pop(name))
        return own

    def posted(self, name):
        """What was posted for a field, before validation; None if it was not posted."""
        return self.data.get(self.add_prefix(name))


class StatusForm(RequestPageForm):
    step = "status"
    draft_fields = ("note",)
    to = forms.ChoiceField(choices=Status.choices)
    # The status that the page showed.
    had = forms.ChoiceField(choices=Status.choices, required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_lazy("How did it end?"), choices=[("", "---------"), *OUTCOMES], required=False)
    note = LongTextField(
        label=_lazy("How was the patient answered? (needed if no reply was sent here)"),
        help_text=_lazy("For example: on the phone. It is saved as a note."),
        rows=2,
    )


class WithdrawForm(RequestPageForm):
    """Sent to the step “status”, too; with a text of its own, whose draft has a kind of its own."""

    step = "withdraw"
    draft_fields = ("note",)
    to = forms.ChoiceField(choices=[(Status.WITHDRAWN, Status.WITHDRAWN.label)])
    had = forms.ChoiceField(choices=Status.choices, required=False, widget=forms.HiddenInput)
    note = LongTextField(
        label=_lazy("How did the patient withdraw it? (needed)"),
        help_text=_lazy("For example: by phone. It is saved as a note."),
        rows=2,
    )


class UrgencyForm(RequestPageForm):
    step = "urgency"
    to = forms.ChoiceField(label=_lazy("Urgency"), choices=Urgency.choices)
    # The urgency that the page showed.
    had = forms.ChoiceField(choices=Urgency.choices, required=False, widget=forms.HiddenInput)


class AssignForm(RequestPageForm):
    step = "assign"
    draft_fields = ("note",)
    to = AssigneeField(label=_lazy("Hand over to"))
    # The primary key of the assignee that the page showed, 0 for no one.
    had_by = forms.IntegerField(
        required=False, min_value=0, max_value=LARGEST_KEY, widget=forms.HiddenInput({"autocomplete": "off"})
    )
    note = LongTextField(
        label=_lazy("A note for the colleague who takes over (optional)"),
        help_text=_lazy("It is saved as a note."),
        rows=2,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues()


class NoteForm(RequestPageForm):
    step = "note"
    draft_fields = ("text",)
    text = LongTextField(
        label=_lazy("New note"),
        help_text=_lazy("The patient does not see it."),
        required_text=_lazy("Write the note first."),
        rows=4,
    )


class ReplyForm(RequestPageForm):
    step = "reply"
    # With its key, so that a draft that is sent from two tabs is one reply.
    draft_fields = ("text", "asks", "key")
    # An idempotency key: the same form sent twice is one reply.
    key = forms.UUIDField(widget=forms.HiddenInput({"autocomplete": "off"}))
    canned = forms.ModelChoiceField(
        label=_lazy("Begin with"), queryset=None, required=False, empty_label=_lazy("Choose a canned reply")
    )
    text = LongTextField(
        label=_lazy("Your reply"),
        help_text=_lazy("The patient reads it on the status page. Mail never repeats a word of it."),
        required_text=_lazy("Write the reply first."),
        rows=10,
    )
    asks = forms.BooleanField(label=_lazy("It asks the patient for something"), required=False)

    def __init__(self, data=None, *, language, **kwargs):
        super().__init__(data, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())
        # Without a valid key the form could not be sent at all: it comes back with a new one.
        if self.is_bound and parse_uuid(self.posted("key") or "") is None:
            self.data[self.add_prefix("key")] = str(uuid.uuid4())
        offered = CannedReply.objects.filter(is_active=True)
        self.fields["canned"].queryset = offered
        self.language = language

    def canned_in_order(self):
        """Returns the canned replies with those in the patient's language first."""
        return sorted(self.fields["canned"].queryset, key=lambda reply: (reply.language != self.language, reply.title))

    # A patient must not get a letter that begins with “Dear {name}”.
    def clean_text(self):
        if unfilled := unfilled_variables(self.cleaned_data["text"]):
            raise ValidationError(
                _lazy("Replace %(gaps)s before you send the reply."),
                params={"gaps": ", ".join(f"{{{name}}}" for name in unfilled)},
            )
        return self.cleaned_data["text"]


class ReasonForm(RequestPageForm):
    step = "open"
    draft_fields = ("explanation", "reason")
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


class MergeForm(RequestPageForm):
    step = "merge"
    draft_fields = ("how_known",)
    into = forms.CharField(
        label=_lazy("Reference of the request that stays open"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _lazy("Type the reference of the other request, such as GS-7K2M-9QXA.")},
    )
    confirmed = forms.BooleanField(label=_lazy("I have made sure that both are from the same person"), required=False)
    how_known = LongTextField(
        label=_lazy("How do you know?"),
        help_text=_lazy("Needed if they came from different e-mail addresses. It is saved as a note of both."),
        rows=2,
    )

    def __init__(self, data=None, *, user, **kwargs):
        super().__init__(data, **kwargs)
        self.user = user

    def clean_into(self):
        """Looks only among requests that the user may see; the error does not tell whether there is another one."""
        reference = self.cleaned_data["into"].strip().upper()
        if target := Inquiry.objects.visible_to(self.user).filter(reference=reference).first():
            return target
        raise ValidationError(_lazy("There is no such request that you may see. Please check the reference."))


class HoldForm(RequestPageForm):
    step = "hold"
    draft_fields = ("text",)
    text = LongTextField(
        label=_lazy("Reason"),
        help_text=_lazy("It is saved as a note for colleagues."),
        required_text=_lazy("Write the reason first."),
        rows=2,
    )


class EraseForm(RequestPageForm):
    reference = forms.CharField(
        label=_lazy("Type the reference of this request"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _lazy("Type the reference, so that the right request is erased.")},
    )

    def __init__(self, data=None, *, inquiry, **kwargs):
        super().__init__(data, **kwargs)
        self.inquiry = inquiry

    # Typed by hand, so that the user looks once more at which request is erased.
    def clean_reference(self):
        if self.cleaned_data["reference"].strip().upper() != self.inquiry.reference:
            raise ValidationError(_lazy("This is not the reference of this request. Nothing was erased."))
        return self.inquiry.reference
