"""Drafts on the page of a request: what was typed into one of its forms stays while another button is pressed.

All fields of the page are in one HTML form, so every button carries along what was typed anywhere, also without
scripts. With them, static/js/drafts.js saves it every few seconds.
"""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.access import can_read_story
from consultations.admin.forms import (
    AssignForm,
    HoldForm,
    MergeForm,
    NoteForm,
    ReasonForm,
    ReplyForm,
    StatusForm,
    WithdrawForm,
)
from gutskin.drafts.models import Draft
from gutskin.drafts.saving import (
    Fields,
    FormDrafts,
    PageKey,
    answer_autosave,
    delete_drafts,
    discard_drafts,
    drafts_of,
    restore_draft,
    save_drafts,
)

# By kind, which is the name of the form's step.
FORMS = (ReplyForm, NoteForm, StatusForm, WithdrawForm, AssignForm, MergeForm, HoldForm, ReasonForm)
DRAFTED = {form.step: form for form in FORMS}
# Stored in a draft: the story was open to the user while they typed it.
BESIDE_STORY = "beside_story"
# Where on the page each form is.
ANCHORS = {
    "reply": "reply",
    "note": "notes",
    "status": "steps",
    "withdraw": "steps",
    "assign": "steps",
    "merge": "same-person",
    "hold": "keeping",
    "open": "closed-story",
}


def add_drafts(forms, user, inquiry, access) -> dict[str, FormDrafts]:
    """Fills in the forms that this user is offered; returns the drafts of these forms, by kind.

    A draft whose form is not offered is not shown, nor one that was typed beside a story that is closed now: it may
    repeat what the patient wrote.
    """
    offered = {form.step: form for form in forms if form.step in DRAFTED}
    drafts = drafts_of(user, inquiry) if offered else {}

    def shown(some: list[Draft]):
        return [draft for draft in some if access.story or BESIDE_STORY not in draft.fields]

    drafts = {
        kind: FormDrafts(shown(each.kept), shown(each.discarded)) for kind, each in drafts.items() if kind in offered
    }
    for kind, each in drafts.items():
        fields = each.joined(DRAFTED[kind].draft_fields[0])
        offered[kind].initial |= {name: values[-1] for name, values in fields.items() if values}
    return drafts


def draft_context(request, drafts, posted) -> dict:
    """The drafts that the page shows, and its key. A form that comes back shows what was posted, not another tab's."""
    key, steps = PageKey.of(request.POST), {form.step for form in posted}
    drafts = {kind: each.of_page(key) if kind in steps else each for kind, each in drafts.items()}
    shown = [draft for each in drafts.values() for draft in each.kept]
    return {"drafts": drafts, "draft_key": PageKey.showing(shown)}


def keep_drafts(request, inquiry) -> None:
    """Saves what a posted page carries along."""
    save_drafts(request.user, inquiry, _typed(request, inquiry), key=PageKey.of(request.POST))


def has_unsent_reply(request, inquiry) -> bool:
    """Does this user have a draft of a reply, from whichever tab?"""
    found = drafts_of(request.user, inquiry).get(ReplyForm.step)
    return bool(found and found.kept)


def drop_sent(request, inquiry, forms) -> None:
    """Deletes the drafts of forms whose text was just sent. Not in the transaction of the action.

    There it would wait for the draft's row while it holds the head of the audit log. If the server stops in between,
    the user finds the sent text in the form once more.
    """
    for form in forms:
        if form.step in DRAFTED and form.cleaned_data.get(form.draft_fields[0]):
            sent = _typed(request, inquiry).get(form.step, {})
            delete_drafts(request.user, inquiry, form.step, key=PageKey.of(request.POST), sent=sent)


def draft_step(model_admin, request, inquiry):
    """Answers the autosave of the page's script (static/js/drafts.js)."""
    return answer_autosave(request, inquiry, _typed(request, inquiry))


def discard_step(model_admin, request, inquiry):
    """Discards the draft of one form or brings it back, and goes back to that form."""
    page = reverse("admin:consultations_inquiry_change", args=[inquiry.pk])
    if restored := restore_draft(request.user, inquiry, request.POST.get("restore_draft", "")):
        return redirect(f"{page}#{ANCHORS.get(restored.kind, '')}")
    kind = request.POST.get("discard_draft", "")
    if kind not in DRAFTED:
        return redirect(page)
    discard_drafts(request.user, inquiry, kind, key=PageKey.of(request.POST))
    messages.success(request, _("The draft is discarded."))
    others = drafts_of(request.user, inquiry).get(kind)
    if others and others.kept:
        messages.warning(request, _("What you typed in another tab was not discarded. This is that text."))
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
