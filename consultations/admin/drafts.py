"""Drafts on the page of a request: what was typed into one of its forms stays while another button is pressed.

All fields of the page are in one HTML form, so every button carries along what was typed anywhere, also without
scripts. With them, static/js/drafts.js saves it every few seconds.
"""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.access import can_read_story
from consultations.admin.forms import AssignForm, HoldForm, MergeForm, NoteForm, ReasonForm, ReplyForm, StatusForm
from gutskin.drafts.models import Draft
from gutskin.drafts.saving import Fields, PageKey, answer_autosave, discard_draft, drafts_of, save_drafts

# By kind, which is the name of the form's step.
DRAFTED = {form.step: form for form in (ReplyForm, NoteForm, StatusForm, AssignForm, MergeForm, HoldForm, ReasonForm)}
# In a draft: the story was open to the user who typed it.
BESIDE_STORY = "beside_story"
# Where on the page each form is.
ANCHORS = {
    "reply": "reply",
    "note": "notes",
    "status": "steps",
    "assign": "steps",
    "merge": "same-person",
    "hold": "keeping",
    "open": "closed-story",
}


def add_drafts(forms, user, inquiry, access) -> dict[str, Draft]:
    """Fills in the forms that this user is offered; returns the drafts shown, by kind.

    A draft whose form is not offered is not shown, nor one that was typed beside a story that is closed now: it may
    repeat what the patient wrote.
    """
    offered = {form.step: form for form in forms if form.step in DRAFTED}
    drafts = drafts_of(user, inquiry) if offered else {}
    shown = {
        kind: draft
        for kind, draft in drafts.items()
        if kind in offered and (access.story or BESIDE_STORY not in draft.fields)
    }
    for kind, draft in shown.items():
        offered[kind].initial |= {name: values[-1] for name, values in draft.fields.items() if values}
    return shown


def draft_context(request, drafts, posted) -> dict:
    """The drafts that the page shows, and its key. A form that comes back shows what was posted, not another tab's."""
    own, steps = PageKey.of(request.POST), {form.step for form in posted}
    drafts = {kind: draft for kind, draft in drafts.items() if kind not in steps or own.may_replace(draft)}
    return {"drafts": drafts, "draft_key": PageKey.showing(drafts.values())}


def keep_drafts(request, inquiry) -> None:
    """Saves what a posted page carries along. Words that were typed in two tabs are kept one below the other."""
    step = request.resolver_match.url_name.rpartition("_")[2]

    def join(kind, stored, typed):
        # What is being sent is not added to what was typed in another tab.
        return None if kind == step else _join(kind, stored, typed)

    save_drafts(request.user, inquiry, _typed(request, inquiry), key=PageKey.of(request.POST), join=join)


def drop_sent(request, inquiry, forms) -> None:
    """Deletes the drafts of forms whose text was just sent. Not in the transaction of the action.

    There it would wait for the draft's row while it holds the head of the audit log. If the server stops in between,
    the user finds the sent text in the form once more.
    """
    for form in forms:
        if form.step in DRAFTED and form.cleaned_data.get(form.draft_fields[0]):
            discard_draft(request.user, inquiry, form.step, key=PageKey.of(request.POST))


def draft_step(model_admin, request, inquiry):
    """Answers the autosave of the page's script (static/js/drafts.js)."""
    return answer_autosave(request, inquiry, _typed(request, inquiry))


def discard_step(model_admin, request, inquiry):
    """Deletes the draft of one form, and goes back to that form."""
    kind = request.POST.get("discard_draft", "")
    page = reverse("admin:consultations_inquiry_change", args=[inquiry.pk])
    if kind not in DRAFTED:
        return redirect(page)
    if discard_draft(request.user, inquiry, kind, key=PageKey.of(request.POST)):
        messages.success(request, _("The draft is discarded."))
    else:
        messages.warning(request, _("Nothing was discarded: you went on writing in another tab. This is that text."))
    return redirect(f"{page}#{ANCHORS[kind]}")


def _typed(request, inquiry) -> dict[str, Fields]:
    """By kind: the fields to keep of each form that was posted; none if there is no text."""
    typed, posted = {}, request.POST
    for kind, form in DRAFTED.items():
        names = {field: f"{kind}-{field}" for field in form.draft_fields}
        text = posted.get(names[form.draft_fields[0]])
        if text is not None:
            kept = {field: posted.getlist(name) for field, name in names.items() if name in posted}
            typed[kind] = kept if text.strip() else {}
    if any(typed.values()) and can_read_story(request.user, inquiry):
        typed = {kind: fields and fields | {BESIDE_STORY: []} for kind, fields in typed.items()}
    return typed


def _join(kind, stored, typed):
    name = DRAFTED[kind].draft_fields[0]
    before, text = stored.get(name, [""])[-1], typed[name][-1]
    return stored | typed | {name: [before if text in before else f"{before}\n\n{text}"]}
