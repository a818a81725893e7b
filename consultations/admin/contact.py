"""Correcting how a patient is reached, when they have phoned and do not have their code."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations import actions
from consultations.access import access_for
from consultations.actions.hold_and_erase import require_coordinator
from consultations.forms.choices import AgeGroup
from consultations.forms.fields import LongTextField
from consultations.forms.status import ContactForm


class StaffContactForm(ContactForm):
    """As the patient's own, with a reason, and without telling the age to those who may not read the story."""

    needs_phone_text = _lazy("The patient asked to be phoned. Enter a phone number.")

    age_group = forms.ChoiceField(
        label=_lazy("Age of the person who needs advice"),
        choices=[("", _lazy("As the patient said")), *AgeGroup.choices],
        required=False,
    )
    reason = LongTextField(
        label=_lazy("What the patient told you"),
        help_text=_lazy("Kept as a note. Say how you knew that it was the patient."),
        required_text=_lazy("Say what the patient told you, and how you knew that it was the patient."),
        rows=3,
    )

    def __init__(self, data=None, *, inquiry):
        super().__init__(data, inquiry=inquiry)
        self.fields["email"].label = _lazy("E-mail address of the patient")
        self.fields["phone"].label = _lazy("Phone number of the patient (optional)")
        if "email_choice" in self.fields:
            self.fields["email_choice"].label = _lazy("Is the e-mail address right?")
        self.fields["no_email"].label = _lazy("The patient wants no e-mail")
        self.fields["no_email"].help_text = _lazy("We then delete the address, and send nothing there.")
        self.fields["may_phone"].label = _lazy("May we phone the patient? (optional)")
        self.fields["may_phone"].help_text = _lazy("Ask who else answers the phone, or hears messages.")
        self.fields["preferred_contact"].label = _lazy("How should we contact the patient?")
        self.initial["age_group"] = ""

    def changes(self, inquiry):
        """What `correct_contact_for_patient` takes. Raises EncryptionError if the age that stays cannot be read."""
        return self.contact | {"age_group": self.cleaned_data["age_group"] or inquiry.age_group}


def contact_step(model_admin, request, inquiry):
    """The page with the form, and the correction itself."""
    require_coordinator(request.user, inquiry)
    if not access_for(request.user, inquiry).contact:
        raise PermissionDenied
    form = StaffContactForm(request.POST if request.method == "POST" else None, inquiry=inquiry)
    if form.is_bound and form.is_valid():
        changed = actions.correct_contact_for_patient(inquiry, by=request.user, **form.changes(inquiry))
        done = _("%(reference)s: the corrections are saved.") if changed else _("%(reference)s: nothing was different.")
        messages.success(request, done % {"reference": inquiry.reference})
        return redirect("admin:consultations_inquiry_change", inquiry.pk)
    context = model_admin.admin_site.each_context(request) | {
        "opts": model_admin.opts,
        "inquiry": inquiry,
        "title": _("Correct how to reach the patient of %(reference)s") % {"reference": inquiry.reference},
        "contact_form": form,
    }
    return TemplateResponse(request, "admin/consultations/inquiry/contact.html", context)
