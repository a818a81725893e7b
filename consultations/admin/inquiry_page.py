"""The context of a request's page.

What the user may not read is not fetched at all, so that no mistake in a template can show it.
"""

from django.conf import settings

from consultations.access import RequestAccess, can_brief_colleagues, can_coordinate, contact_visible_to
from consultations.admin.conversation import how_the_patient_learns, messages_of
from consultations.admin.drafts import add_drafts, draft_context
from consultations.admin.forms import (
    AssignForm,
    HoldForm,
    MergeForm,
    NoteForm,
    ReasonForm,
    ReplyForm,
    StatusForm,
    UrgencyForm,
    WithdrawForm,
)
from consultations.admin.photos import photo_links
from consultations.admin.presence import newest_message, others_present
from consultations.admin.steps import next_steps
from consultations.admin.story import contact_of, notes_of, story_of, warning_signs_of
from consultations.admin.story_access import reasons_given
from consultations.admin.timeline import timeline_of
from consultations.models import Inquiry, Status
from consultations.models.choices import OVER

MOST_FROM_SAME_PERSON = 10


def page_context(model_admin, request, inquiry: Inquiry, access: RequestAccess, **shown):
    user = request.user
    may_change = model_admin.has_change_permission(request)
    allowed = inquiry.next_steps
    context = _head(model_admin, inquiry, user) | {
        "access": access,
        "may_change": may_change,
        "next_steps": next_steps(inquiry),
        "can_close": Status.CLOSED in allowed,
        "can_mark_answered": Status.ANSWERED in allowed,
        "can_mark_withdrawn": Status.WITHDRAWN in allowed,
        "can_coordinate": can_coordinate(user),
        "may_brief": access.story or can_brief_colleagues(user),
        "contact": contact_of(inquiry) if access.contact else None,
        "may_correct": access.contact and can_coordinate(user),
        "same_person": _same_person(inquiry, user) if access.contact else [],
        # `visible_to` again: a request may be merged with one that this user may not see.
        "merged_here": Inquiry.objects.visible_to(user).filter(merged_into=inquiry).only("reference"),
        "reasons_given": reasons_given(inquiry),
        "how_they_learn": how_the_patient_learns(inquiry),
        "mails": inquiry.notifications.all(),
        "consents": inquiry.consents.all(),
    }
    context["newest_events"], context["older_events"] = timeline_of(inquiry)
    if access.story:
        context |= _story(inquiry)
    forms = _forms(inquiry, user, access) if may_change else {}
    if not access.story:
        forms["reason_form"] = ReasonForm()
    drafts = add_drafts(forms.values(), user, inquiry, access)
    posted = {name: form for name, form in shown.items() if name.endswith("_form")}
    context |= draft_context(request, drafts, posted.values())
    forms |= posted
    rest = {name: value for name, value in shown.items() if not name.endswith("_form")}
    context |= {"newest": newest_message(inquiry), "fields_with_errors": _with_errors(forms.values())}
    return context | forms | rest


def _with_errors(forms):
    """The fields, for a summary on top: the page is long, and a field may be far down."""
    return [field for form in forms if form.is_bound for field in form.visible_fields() if field.errors]


def _head(model_admin, inquiry, user):
    return {
        "opts": model_admin.opts,
        "original": inquiry,
        "inquiry": inquiry,
        "title": inquiry.reference,
        "change": True,
        "has_view_permission": True,
        "status_badge": model_admin.status_badge(inquiry),
        "urgency_badge": model_admin.urgency_badge(inquiry),
        "due": model_admin.due(inquiry),
        "topic": model_admin.topic(inquiry),
        "assignee": model_admin.assignee_name(inquiry),
        "others": others_present(inquiry, user),
        "language": dict(settings.LANGUAGES).get(inquiry.language, inquiry.language),
    }


def _same_person(inquiry, user):
    """Other requests from the same e-mail address, if the user may see who wrote them."""
    others = contact_visible_to(user).of_the_same_person(inquiry)
    return others.only("reference", "status", "received_at", "closed_at")[:MOST_FROM_SAME_PERSON]


def _story(inquiry):
    messages, notes = messages_of(inquiry), notes_of(inquiry)
    return {
        "story": story_of(inquiry),
        "photos": photo_links(inquiry),
        "warning_signs": warning_signs_of(inquiry),
        "messages_with_signs": [message for message in messages if message["signs"]],
        "messages_so_far": messages,
        "notes": notes,
        # What the forms send back as `seen_note`.
        "newest_note": max((note["pk"] for note in notes), default=0),
    }


def _forms(inquiry, user, access):
    forms = {
        "status_form": StatusForm(),
        "withdraw_form": WithdrawForm(),
        "assign_form": AssignForm(),
        "urgency_form": UrgencyForm(initial={"to": inquiry.urgency}),
    }
    # The same conditions as in the actions, so that no form is offered that would be refused.
    if inquiry.status not in OVER:
        forms["merge_form"] = MergeForm(user=user)
    if can_coordinate(user):
        forms["hold_form"] = HoldForm()
    if access.story:
        forms["note_form"] = NoteForm()
    if access.reply and inquiry.status not in OVER:
        forms["reply_form"] = ReplyForm(language=inquiry.language)
    return forms
