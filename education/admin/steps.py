"""A step with consequences: one page that says what will happen, asks for what it needs, and calls the action."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from gutskin.exceptions import ActionRefused


def change_page(thing):
    """Address of the page in admin on which a row is edited, or read."""
    return reverse(f"admin:education_{thing._meta.model_name}_change", args=[thing.pk])


class StepForm(forms.Form):
    """The words that go with a step, if it wants any."""

    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}))

    def __init__(self, *args, label, required, **kwargs):
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label
            self.fields["text"].required = required
        else:
            del self.fields["text"]


def confirm_action(
    request,
    *,
    subject,
    title,
    explanation,
    button,
    act,
    done,
    back,
    onward=None,
    text_label="",
    text_required=False,
    details=(),
    **more,
):
    """Nothing typed is lost when the action refuses: the page comes again, with the reasons.

    `details` are classes of forms that stand before the words; what they find goes to `act` as keywords.
    `onward` gives the next address from what the action returned; without it the way leads `back`.
    `done` is a sentence, or a function that makes one from what the action returned.
    """
    typed = request.POST if request.method == "POST" else None
    form = StepForm(typed, label=text_label, required=text_required, label_suffix="")
    forms_before = [detail(typed, label_suffix="") for detail in details]
    refusals = []
    # All of them, so that every mistake is told at once.
    if request.method == "POST" and all([each.is_valid() for each in (*forms_before, form)]):
        found = {name: value for each in forms_before for name, value in each.cleaned_data.items()}
        try:
            outcome = act(form.cleaned_data.get("text", ""), **found)
        except ActionRefused as refusal:
            refusals = refusal.reasons
        else:
            messages.success(request, done(outcome) if callable(done) else done)
            return redirect(onward(outcome) if onward else back)
    context = {
        **admin.site.each_context(request),
        "title": title,
        "subtitle": str(subject),
        "opts": subject._meta,
        "original": subject,
        "explanation": explanation,
        "button": button,
        "form": form,
        "details": forms_before,
        "has_errors": any(each.errors for each in (*forms_before, form)),
        "refusals": refusals,
        "back": back,
        **more,
    }
    return TemplateResponse(request, "admin/education/step.html", context)
