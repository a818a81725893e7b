"""One page that says what an action will do, asks for what it needs, and runs it."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gutskin.drafts.saving import (
    FormDrafts,
    PageKey,
    answer_autosave,
    delete_drafts,
    discard_drafts,
    drafts_of,
    restore_draft,
    save_drafts,
)
from gutskin.exceptions import ActionRefused
from gutskin.form_recovery import recover_form, recovery_for
from gutskin.visible_text import VisibleTextMixin


def change_page(obj):
    """Address of the admin page on which an object of this app is edited or read."""
    return reverse(f"admin:education_{obj._meta.model_name}_change", args=[obj.pk])


class CommentForm(VisibleTextMixin, forms.Form):
    """The reason, note or comment that an action asks for; without a label it asks for none."""

    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}))

    def __init__(self, *args, label, required, **kwargs):
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label
            self.fields["text"].required = required
        else:
            del self.fields["text"]


def asks_for(label):
    """Decorator for a view that calls confirm_action: its page asks for a text, which this label names.

    So does the page that hands the text back if the session has ended.
    """
    return recover_form(labels=lambda request: {"text": label})


def confirm_action(
    request,
    *,
    subject,
    title,
    explanation,
    button,
    act,
    success_message,
    back,
    next_page=None,
    text_required=False,
    extra_forms=(),
    **extra_context,
):
    """The response to a GET or POST of a confirmation page; the caller has checked the permission.

    `act` takes the text and, as keywords, the cleaned data of `extra_forms`, which are classes of forms shown before
    the text. If it raises ActionRefused, the page is shown again with the reasons and with everything that was typed.
    `success_message` is a sentence, or a function that makes one from what `act` returned.
    `next_page` is a function that gives the next address from what `act` returned; without it, `back` is next.
    """
    # Each action has a draft of its own, such as "approve".
    kind, key = request.resolver_match.url_name.rpartition("_")[2], PageKey.of(request.POST)
    data = request.POST if request.method == "POST" else None
    text_label = _text_label(request)
    has_fields = bool(text_label or extra_forms)
    drafts = _drafts(request, subject, kind) if has_fields and not data else FormDrafts()
    initial = {name: values[-1] for name, values in drafts.joined("text").items()}
    forms_before = [form_class(data, initial=initial, label_suffix="") for form_class in extra_forms]
    form = CommentForm(data, initial=initial, label=text_label, required=text_required, label_suffix="")
    typed = {kind: _typed([*forms_before, form], request.POST)}
    if "save_draft" in request.POST:
        return answer_autosave(request, subject, typed)
    if "discard_draft" in request.POST or "restore_draft" in request.POST:
        return _put_away_or_back(request, subject, typed)
    refusals = []
    # A list, not a generator: every form is validated, so that all mistakes are reported together.
    if request.method == "POST" and all([each.is_valid() for each in (*forms_before, form)]):
        keywords = {name: value for each in forms_before for name, value in each.cleaned_data.items()}
        try:
            outcome = act(form.cleaned_data.get("text", ""), **keywords)
        except ActionRefused as refusal:
            refusals = refusal.reasons
        else:
            if has_fields:
                delete_drafts(request.user, subject, kind, key=key, sent=typed[kind])
            # Redirected after success, so that reloading the page does not run the action again.
            messages.success(request, success_message(outcome) if callable(success_message) else success_message)
            return redirect(next_page(outcome) if next_page else back)
    if has_fields and data:
        save_drafts(request.user, subject, typed, key=key)
        # What another tab wrote is not on this page.
        drafts = _drafts(request, subject, kind).of_page(key)
    context = {
        **admin.site.each_context(request),
        "title": title,
        "subtitle": str(subject),
        "opts": subject._meta,
        "original": subject,
        "explanation": explanation,
        "button": button,
        "form": form,
        "extra_forms": forms_before,
        "has_errors": any(each.errors for each in (*forms_before, form)),
        "refusals": refusals,
        "back": back,
        "has_fields": has_fields,
        "kind": kind,
        "drafts": drafts,
        "draft_key": PageKey.showing(drafts.kept),
        **extra_context,
    }
    return TemplateResponse(request, "admin/education/confirmation.html", context)


def _typed(forms, posted):
    """What a draft keeps: the fields that differ from those of an empty page."""
    fields = {name: field for form in forms for name, field in form.fields.items()}
    filled_in = [name for name, field in fields.items() if posted.get(name) not in ("", None, field.initial)]
    return {name: posted.getlist(name) for name in filled_in}


def _text_label(request):
    labels = recovery_for(request).labels
    return labels(request)["text"] if labels else ""


def _drafts(request, subject, kind):
    return drafts_of(request.user, subject).get(kind, FormDrafts())


def _put_away_or_back(request, subject, typed):
    """Discards the draft of the page, or brings back what was discarded; what was typed since stays too."""
    key, (kind,) = PageKey.of(request.POST), typed
    save_drafts(request.user, subject, typed, key=key)
    if "discard_draft" in request.POST:
        discard_drafts(request.user, subject, kind, key=key)
        messages.success(request, _("The draft is discarded."))
    else:
        restore_draft(request.user, subject, request.POST["restore_draft"])
    return redirect(request.path)
