"""What stands on the page of one request. What the user may not read is not asked for, so no template can show it."""

from django.conf import settings

from consultations.access import RequestAccess, briefs_colleagues, coordinates
from consultations.admin.assignee import assignee_of
from consultations.admin.conversation import conversation_of
from consultations.admin.forms import (
    AssignForm,
    HoldForm,
    MergeForm,
    NoteForm,
    ReasonForm,
    ReplyForm,
    StatusForm,
    UrgencyForm,
)
from consultations.admin.merging import same_person
from consultations.admin.photos import desk_photos
from consultations.admin.presence import newest_message, others_at
from consultations.admin.steps import next_steps
from consultations.admin.story import contact_of, notes_of, story_of, warning_signs_of
from consultations.admin.story_access import reasons_given
from consultations.admin.timeline import timeline_of
from consultations.models import Inquiry, Status
from consultations.models.inquiry import OVER


def page_context(model_admin, request, inquiry: Inquiry, sight: RequestAccess, **shown):
    user = request.user
    may_change = model_admin.has_change_permission(request)
    context = _head(model_admin, inquiry, user) | {
        "sight": sight,
        "may_change": may_change,
        "next_steps": next_steps(inquiry),
        "can_close": Status.CLOSED in inquiry.next_steps,
        "coordinates": coordinates(user),
        "may_brief": sight.story or briefs_colleagues(user),
        "contact": contact_of(inquiry) if sight.contact else None,
        "same_person": same_person(inquiry, user) if sight.contact else [],
        "merged_here": Inquiry.objects.visible_to(user).filter(merged_into=inquiry).only("reference"),
        "reasons_given": reasons_given(inquiry),
        "mails": inquiry.notifications.all(),
        "consents": inquiry.consents.all(),
    }
    context["newest_events"], context["older_events"] = timeline_of(inquiry)
    if sight.story:
        context |= _story(inquiry)
    forms = _forms(inquiry, user, sight) if may_change else {}
    if not sight.story:
        forms["reason_form"] = ReasonForm()
    forms |= {name: thing for name, thing in shown.items() if name.endswith("_form")}
    newest = newest_message(inquiry)
    for form in forms.values():
        form.looks_at(newest)
    others = {name: thing for name, thing in shown.items() if not name.endswith("_form")}
    return context | forms | others | {"newest": newest, "mistakes": mistakes_in(forms.values())}


def mistakes_in(forms):
    """Each field that has to be mended, with what is wrong: for the top of the page, which is long."""
    fields = (field for form in forms if form.is_bound for field in form.visible_fields())
    return [(field, error) for field in fields for error in field.errors]


def _head(model_admin, inquiry, user):
    return {
        "opts": model_admin.opts,
        "original": inquiry,
        "inquiry": inquiry,
        "title": inquiry.reference,
        "change": True,
        "has_view_permission": True,
        "status_chip": model_admin.status_chip(inquiry),
        "urgency_chip": model_admin.urgency_chip(inquiry),
        "due": model_admin.due(inquiry),
        "topic": model_admin.topic(inquiry),
        "assignee": assignee_of(inquiry),
        "others": others_at(inquiry, user),
        "language": dict(settings.LANGUAGES).get(inquiry.language, inquiry.language),
    }


def _story(inquiry):
    return {
        "story": story_of(inquiry),
        "photos": desk_photos(inquiry),
        "warning_signs": warning_signs_of(inquiry),
        "messages_so_far": conversation_of(inquiry),
        "notes": notes_of(inquiry),
    }


def _forms(inquiry, user, sight):
    forms = {
        "status_form": StatusForm(),
        "assign_form": AssignForm(),
        "urgency_form": UrgencyForm(initial={"to": inquiry.urgency}),
    }
    if inquiry.status not in OVER:
        forms["merge_form"] = MergeForm(user=user)
    if coordinates(user):
        forms["hold_form"] = HoldForm()
    if sight.story:
        forms["note_form"] = NoteForm()
        if inquiry.status not in OVER:
            forms["reply_form"] = ReplyForm(language=inquiry.language)
    return forms
