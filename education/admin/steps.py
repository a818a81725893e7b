"""A step with consequences: one page that says what will happen, asks for what it needs, and calls the action."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from education.actions import ActionRefused


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


def take_step(
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
    **more,
):
    """Nothing typed is lost when the action refuses: the page comes again, with the reasons.

    `onward` gives the next address from what the action returned; without it the way leads `back`.
    """
    form = StepForm(
        request.POST if request.method == "POST" else None, label=text_label, required=text_required, label_suffix=""
    )
    refusals = []
    if request.method == "POST" and form.is_valid():
        try:
            outcome = act(form.cleaned_data.get("text", ""))
        except ActionRefused as refusal:
            refusals = refusal.reasons
        else:
            messages.success(request, done)
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
        "refusals": refusals,
        "back": back,
        **more,
    }
    return TemplateResponse(request, "admin/education/step.html", context)
