"""The patient's form. It cleans and explains; storing is the business of actions."""

import re
import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _lazy

from consultations.forms import consent
from consultations.forms.choices import AgeGroup, ContactBy, Duration, ForWhom, GutSymptom
from consultations.forms.photos import PhotoAnswer, PhotoQuestion
from gutskin import limits
from gutskin.storable_text import StorableTextMixin

# Line breaks and other controls have no place in one line; in a mail header they would start a new header.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
SLUG = re.compile(r"[a-zA-Z0-9_-]{1,80}")

TOO_LONG = _lazy("Please shorten this to %(limit_value)d characters. It has %(show_value)d now.")
EMAIL_FORM = _lazy("Enter an e-mail address in the right form, like name@example.com.")
NOT_OFFERED = _lazy("Choose one of the answers shown.")


class LineField(forms.CharField):
    """One line of text in any script."""

    def __init__(self, *, required_text="", **kwargs):
        kwargs.setdefault("max_length", limits.LINE_CHARACTERS)
        kwargs.setdefault("required", bool(required_text))
        super().__init__(error_messages={"required": required_text, "max_length": TOO_LONG}, **kwargs)

    def to_python(self, value):
        return super().to_python(CONTROLS.sub(" ", value) if value else value)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"dir": "auto"}


class MailAddressField(forms.EmailField):
    """Quoted, controls are allowed in an address, but no mail can be written to it: it would wait for ever."""

    def __init__(self, *, required_text, **kwargs):
        widget = forms.EmailInput({"autocomplete": "email", "inputmode": "email", "spellcheck": "false"})
        messages = {"required": required_text, "invalid": EMAIL_FORM, "max_length": TOO_LONG}
        super().__init__(widget=widget, error_messages=messages, **kwargs)

    def clean(self, value):
        value = super().clean(value)
        if CONTROLS.search(value):
            raise ValidationError(EMAIL_FORM)
        return value


class LongTextField(forms.CharField):
    """A longer text. Browsers get no maxlength: they would cut off pasted words without a sound."""

    def __init__(self, *, required_text="", rows=5, **kwargs):
        widget = forms.Textarea({"rows": rows, "dir": "auto"})
        messages = {"required": required_text, "max_length": TOO_LONG}
        super().__init__(
            max_length=limits.LONG_TEXT_CHARACTERS,
            required=bool(required_text),
            widget=widget,
            error_messages=messages,
            **kwargs,
        )

    def to_python(self, value):
        # A line break counts as one character, as it does for whoever types it.
        return super().to_python(value.replace("\r\n", "\n") if value else value)

    def widget_attrs(self, widget):
        return {}


def one_of(choices, *, label, required_text, **kwargs):
    return forms.ChoiceField(
        label=label,
        choices=choices.choices,
        widget=forms.RadioSelect({"class": "form-check-input"}),
        error_messages={"required": required_text, "invalid_choice": NOT_OFFERED},
        **kwargs,
    )


class InquiryForm(StorableTextMixin, forms.Form):
    # What cannot be used there is replaced or asked for again.
    fields_repaired_silently = frozenset({"key", "advice_read"})

    # Issued with the form: the same form sent twice is one request.
    key = forms.CharField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))
    # Which warning signs the patient has read the advice about; see consultations/red_flags/advice.py.
    advice_read = forms.CharField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))
    # People do not see it. Programs that fill in every field do.
    homepage = forms.CharField(required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}))

    topic = forms.CharField(
        label=_lazy("What is it about?"), required=False, widget=forms.Select({"class": "form-select"})
    )
    for_whom = one_of(
        ForWhom,
        label=_lazy("Who are you asking for?"),
        required_text=_lazy("Choose whether you are asking for yourself or for somebody else."),
    )
    relationship = LineField(
        label=_lazy("How are you related to them? (only if you ask for somebody else)"),
        help_text=_lazy("For example: I am her father. Please have their agreement if they can give it."),
    )
    name = LineField(
        label=_lazy("Your name"),
        required_text=_lazy("Enter your name, so that we know how to address you."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = MailAddressField(
        label=_lazy("Your e-mail address"),
        help_text=_lazy("We send a receipt to this address. It says nothing about your health."),
        required_text=_lazy("Enter your e-mail address, so that we can answer you."),
    )
    phone = LineField(
        label=_lazy("Your phone number (optional)"),
        max_length=50,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    preferred_contact = one_of(
        ContactBy,
        label=_lazy("How should we contact you?"),
        required_text=_lazy("Choose whether we should write to you or phone you."),
    )
    age_group = one_of(
        AgeGroup,
        label=_lazy("How old is the person who needs advice?"),
        required_text=_lazy("Choose an age group, or “I would rather not say”."),
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
        choices=GutSymptom.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    gut_details = LongTextField(label=_lazy("Is there more to say about the gut? (optional)"), rows=3)
    tried = LongTextField(
        label=_lazy("What have you tried so far? (optional)"),
        help_text=_lazy("Medicines, creams, foods, supplements, and whether they helped."),
    )
    question = LongTextField(
        label=_lazy("What would you like to ask us?"),
        required_text=_lazy("Write your question, so that we know what to answer."),
    )
    consent = forms.BooleanField(
        label=consent.WORDING,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
        error_messages={"required": _lazy("Tick the box to agree. Without it we may not store your request.")},
    )

    def __init__(self, data=None, *, topics, topic=""):
        """`topics` maps the slug of an article to the article; None when the database could not be asked."""
        self.topics = topics
        self.is_bot = False
        super().__init__(data, initial={"topic": topic, "key": uuid.uuid4()})
        self.fields["topic"].widget.choices = self._topic_choices()
        self.helper = _helper()

    def make_storable(self, data):
        """What was posted, fit to be shown again: storable, with a key, with the honeypot emptied."""
        data = super().make_storable(data)
        self.is_bot = bool(data.get("homepage", "").strip())
        data["homepage"] = ""
        data["key"] = str(parse_uuid(data.get("key", "")) or uuid.uuid4())
        return data

    def _topic_choices(self):
        choices = [("", _lazy("Something else, or I am not sure"))]
        if self.topics is None:
            posted = self.data.get("topic", "")
            if SLUG.fullmatch(posted):
                choices.append((posted, posted.replace("-", " ").capitalize()))
        else:
            choices += [(slug, article.live.title) for slug, article in self.topics.items()]
        return choices

    def clean_topic(self):
        """The article, or None: a topic that was withdrawn meanwhile is no reason to stop somebody."""
        return (self.topics or {}).get(self.cleaned_data["topic"])

    def clean_gut_symptoms(self):
        return ",".join(self.cleaned_data["gut_symptoms"])

    def clean(self):
        answers = super().clean()
        if answers.get("for_whom") == ForWhom.SOMEBODY_ELSE:
            if "relationship" in answers and not answers["relationship"]:
                self.add_error("relationship", _lazy("Say how you are related to the person you are asking for."))
        else:
            answers["relationship"] = ""
        if answers.get("preferred_contact") == ContactBy.PHONE and "phone" in answers and not answers["phone"]:
            self.add_error("phone", _lazy("Enter a phone number, or choose to be answered in writing."))
        return answers

    def show_photos(self, answer: PhotoAnswer):
        """What is kept already, and what could not be taken. Call it before the form is judged."""
        self.fields["photos"].answer = answer

    def full_clean(self):
        """Who adds or removes a photo is not done yet: the other answers are not judged."""
        photos = self.fields["photos"].answer
        if not (self.is_bound and photos.is_step):
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        for problem in photos.problems:
            self.add_error("photos", problem)

    @property
    def key_sent(self):
        """The key that this form was issued with, or a new one."""
        return uuid.UUID(str(self.data["key"]))

    @property
    def answers(self):
        """What a patient said, under the names of the model's fields."""
        apart = {"key", "advice_read", "homepage", "topic", "photos", "consent"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}


def parse_uuid(text: str) -> uuid.UUID | None:
    """What somebody sent as a key; None when it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _helper():
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        "key",
        "advice_read",
        Field("homepage", template="consultations/form/_honeypot.html"),
        _section(
            _lazy("About you"),
            "topic",
            "for_whom",
            "relationship",
            "name",
            "email",
            "phone",
            "preferred_contact",
            "age_group",
        ),
        _section(
            _lazy("Your skin"),
            "skin_problem",
            "duration",
            Field("photos", template="consultations/photos/_question.html"),
        ),
        _section(_lazy("Your gut"), "gut_symptoms", "gut_details"),
        _section(_lazy("Your question"), "tried", "question"),
        _section(_lazy("Consent"), "consent"),
    )
    return helper


def _section(heading, *names):
    questions = [
        name if isinstance(name, Field) else Field(name, template="consultations/form/_question.html") for name in names
    ]
    return Fieldset(heading, *questions, template="consultations/form/_section.html")
