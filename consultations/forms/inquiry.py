"""The form on which a patient requests a consultation. It validates and explains; consultations.actions stores."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _lazy

from consultations.forms import consent
from consultations.forms.choices import AgeGroup, ContactBy, Duration, ForWhom, GutSymptom
from consultations.forms.fields import (
    NOT_OFFERED,
    LineField,
    LongTextField,
    NewPinField,
    one_of,
    parse_uuid,
)
from consultations.forms.photos import PhotoAnswer, PhotoQuestion
from consultations.forms.reach import (
    NOT_STORED,
    ReachMixin,
    email_choice_field,
    email_field,
    may_phone_field,
    no_email_field,
    phone_field,
)
from consultations.forms.topics import TOPIC_FIELDS, TopicMixin, topic_field, topic_words_field
from gutskin.storable_text import StorableTextMixin

# Fields that are not one of the patient's answers. The answers are stored under the names of their fields.
NOT_ANSWERS = {"key", "advice_read", "homepage", "photos", "pin", "consent", *TOPIC_FIELDS, *NOT_STORED}


class InquiryForm(TopicMixin, ReachMixin, StorableTextMixin, forms.Form):
    # Patients cannot see these fields, so they get no error message: an unusable value is replaced or asked for again.
    fields_repaired_silently = frozenset({"key", "advice_read", "topic_asked"})

    # Issued with the form: the same form sent twice is one request.
    key = forms.CharField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))
    # Proves that the patient has read the advice about the warning signs; see consultations/red_flags/rules.py.
    advice_read = forms.CharField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))
    # The honeypot: people do not see this field, while bots that fill in every field give themselves away.
    homepage = forms.CharField(required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}))

    topic = topic_field()
    topic_words = topic_words_field()
    # The words whose result the patient has seen.
    topic_asked = forms.CharField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))
    for_whom = one_of(
        ForWhom,
        label=_lazy("Who are you asking for?"),
        required_text=_lazy("Choose whether you are asking for yourself or for someone else."),
    )
    relationship = LineField(
        label=_lazy("How are you related to them? (only if you are asking for someone else)"),
        help_text=_lazy("For example: I am her father. Please make sure that they agree, if they are able to."),
    )
    name = LineField(
        label=_lazy("Your name"),
        required_text=_lazy("Enter your name, so that we know how to address you."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    age_group = one_of(
        AgeGroup,
        label=_lazy("How old is the person who needs advice?"),
        required_text=_lazy("Choose an age group, or “I would rather not say”."),
    )
    email = email_field(
        help_text=_lazy(
            "We send a receipt, and tell you when there is an answer. These e-mails never mention your health. If you "
            "want none, leave this empty and tick the box below."
        )
    )
    email_choice = email_choice_field()
    no_email = no_email_field()
    phone = phone_field()
    may_phone = may_phone_field()
    preferred_contact = one_of(
        ContactBy,
        label=_lazy("How should we contact you?"),
        required_text=_lazy("Choose whether we should write to you or phone you."),
    )
    skin_problem = LongTextField(
        label=_lazy("What is happening with the skin?"),
        help_text=_lazy("Where it is, what it looks like, what makes it better or worse."),
        required_text=_lazy("Describe the skin problem in a few words, so that we can prepare an answer."),
    )
    duration = one_of(
        Duration,
        label=_lazy("How long has it been there?"),
        required_text=_lazy("Choose how long the skin problem has been there, or “I am not sure”."),
    )
    photos = PhotoQuestion()
    gut_symptoms = forms.MultipleChoiceField(
        label=_lazy("Do any of these happen? (optional)"),
        help_text=_lazy("Choose all that fit."),
        choices=lambda: GutSymptom.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    gut_details = LongTextField(label=_lazy("Is there anything else about the gut? (optional)"), rows=3)
    tried = LongTextField(
        label=_lazy("What have you tried so far? (optional)"),
        help_text=_lazy("Medicines, creams, foods, supplements, and whether they helped."),
    )
    question = LongTextField(
        label=_lazy("What would you like to ask us?"),
        required_text=_lazy("Write your question, so that we know what to answer."),
    )
    pin = NewPinField(
        label=_lazy("A PIN, in case you lose your code (optional)"),
        help_text=_lazy(
            "After you send this form you get a code. If you lose it, we can send you a link by e-mail, which opens "
            "your request with this PIN or, if you choose none, with your phone number and age. Without a PIN and "
            "without a phone number, only the code shows it. Use four to twelve letters or numbers that no one would "
            "guess and that you use nowhere else. Capital letters and spaces make no difference."
        ),
    )
    consent = forms.BooleanField(
        label=consent.WORDING,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
        error_messages={"required": _lazy("Tick the box to agree. Without it we may not store your request.")},
    )

    def __init__(self, data=None, *, topics, topic=""):
        """`topics` is None when the database is not available."""
        self.is_bot = False
        super().__init__(data, topics=topics, initial={"topic": topic, "key": uuid.uuid4()})

    @cached_property
    def helper(self):
        return _helper(self.fields)

    def make_storable(self, data):
        """What was posted, safe to show again: storable, with a key, with the honeypot emptied."""
        data = super().make_storable(data)
        self.is_bot = bool(data.get("homepage", "").strip())
        data["homepage"] = ""
        data["key"] = str(parse_uuid(data.get("key", "")) or uuid.uuid4())
        return data

    def clean_gut_symptoms(self):
        return ",".join(self.cleaned_data["gut_symptoms"])

    def clean(self):
        answers = super().clean()
        if answers.get("for_whom") == ForWhom.SOMEBODY_ELSE:
            # Absent means that the field already has an error of its own.
            if "relationship" in answers and not answers["relationship"]:
                self.add_error("relationship", _lazy("Say how you are related to the person you are asking for."))
        else:
            # Data minimisation: what is not needed is not stored (GDPR, article 5(1)(c)).
            answers["relationship"] = ""
        return answers

    def show_photos(self, answer: PhotoAnswer):
        """Sets the photos that are already stored, and what was refused. Call it before the form is validated."""
        self.fields["photos"].answer = answer

    def full_clean(self):
        """While a patient adds a photo or looks for a topic, the form is not finished: no other answer is validated."""
        photos = self.fields["photos"].answer
        if not self.is_bound or not (photos.is_step or self.is_finding):
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        if photos.is_step:
            for problem in photos.problems:
                self.add_error("photos", problem)
        else:
            self.find_topic()

    @property
    def key_sent(self):
        """The key that was issued with this form, or a new one if it was missing or forged."""
        return uuid.UUID(str(self.data["key"]))

    @property
    def answers(self):
        """The patient's answers, under the names of the model's fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in NOT_ANSWERS}


REACH = ["email", "email_choice", "no_email", "phone", "may_phone", "preferred_contact"]
# The answers, in the order of the form.
ANSWERS = [name for name in InquiryForm.base_fields if name not in NOT_ANSWERS]


TOPIC_SEARCH = Field("topic_words", template="consultations/form/_topic_search.html")


def _helper(fields):
    helper = FormHelper()
    # The template has the form tag and the token, because a hidden submit button has to come first in the form.
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        "key",
        "advice_read",
        *(["topic_asked"] if "topic_asked" in fields else []),
        Field("homepage", template="consultations/form/_honeypot.html"),
        _section(
            _lazy("About you"),
            "topic",
            *([TOPIC_SEARCH] if "topic_words" in fields else []),
            "for_whom",
            "relationship",
            "name",
            "age_group",
        ),
        _section(_lazy("How we reach you"), *[name for name in REACH if name in fields]),
        _section(
            _lazy("Your skin"),
            "skin_problem",
            "duration",
            Field("photos", template="consultations/photos/_question.html"),
        ),
        _section(_lazy("Your gut"), "gut_symptoms", "gut_details"),
        _section(_lazy("Your question"), "tried", "question"),
        _section(_lazy("If you lose your code"), "pin"),
        _section(_lazy("Consent"), "consent"),
    )
    return helper


def _section(heading, *names):
    questions = [
        name if isinstance(name, Field) else Field(name, template="consultations/form/_question.html") for name in names
    ]
    return Fieldset(heading, *questions, template="consultations/form/_section.html")
