"""Replies and notes: the messages shown on a request's page, and the forms to write the next one."""

from django.http import JsonResponse
from django.utils.translation import gettext as _

from consultations import actions
from consultations.actions.staff_actions import require_reply_access, require_story_access
from consultations.admin.forms import NoteForm, ReplyForm
from consultations.admin.story import decrypted, warning_signs_in
from consultations.canned_replies import fill, values_for
from consultations.models import Inquiry


def messages_of(inquiry: Inquiry):
    return [
        {
            "is_from_patient": message.is_from_patient,
            "who": full_name(message.author) if message.author else _("The patient"),
            "written_at": message.written_at,
            "read_at": message.read_at,
            "answer": decrypted(message, "text"),
            "signs": warning_signs_in(message),
        }
        for message in inquiry.messages.select_related("author", "red_flags")
    ]


def full_name(user) -> str:
    return user.get_full_name() or user.get_username()


def how_the_patient_learns(inquiry: Inquiry) -> str:
    """How the patient gets to know of a reply: shown beside it, and once it is sent."""
    if not inquiry.takes_mail:
        return _("No e-mail goes out: they look at the status page themselves.")
    if inquiry.email_refused_at:
        return _("No e-mail goes out, because the address is someone else's. Phone the patient, if they allow it.")
    return _("The patient gets a mail that there is one.")


def reply_step(model_admin, request, inquiry):
    """One form with three buttons: insert a canned reply, preview the reply as the patient will see it, send it."""
    # Before the form is shown again: its canned reply may hold the patient's name.
    require_reply_access(request.user, inquiry)
    form = ReplyForm(request.POST, language=inquiry.language)
    step = request.POST.get("step")
    if step == "fill":
        return _insert_canned_reply(model_admin, request, inquiry, form)
    if not form.is_valid():
        return model_admin.page(request, inquiry, reply_form=form)
    data = form.cleaned_data
    if step == "preview":
        return model_admin.page(request, inquiry, reply_form=form, preview=data["text"])
    had = inquiry.assignee_id
    return model_admin.run_action(
        request,
        inquiry,
        lambda: actions.reply(
            inquiry,
            **{name: data[name] for name in ("text", "key", "asks", "seen", "seen_note")},
            by=request.user,
        ),
        # The action has read the request again: the message says what is true now.
        done=lambda reply: _sent_message(inquiry, is_taken=inquiry.assignee_id == request.user.pk != had),
        anchor="#conversation",
        reply_form=form,
    )


def _sent_message(inquiry, *, is_taken):
    parts = [_("%(reference)s: your reply is sent."), how_the_patient_learns(inquiry)]
    if is_taken:
        parts.append(_("The request is assigned to you now."))
    return " ".join(parts)


def _insert_canned_reply(model_admin, request, inquiry, form):
    """Appends the canned reply to the text. The page's script gets the text alone as JSON, and shows it itself."""
    canned = form.fields["canned"].queryset.filter(pk=_number(form.posted("canned"))).first()
    text = form.posted("text") or ""
    if canned:
        text = "\n\n".join(filter(None, [text.strip(), fill(canned.text, values_for(inquiry, request.user))]))
    if request.headers.get("Accept") == "application/json":
        # The text may contain the patient's name, so sending it counts as a view of the request.
        actions.record_view(inquiry, by=request.user)
        return JsonResponse({"text": text})
    initial = {"text": text, "key": form.posted("key"), "asks": form.posted("asks") is not None}
    refusal = "" if canned else _("Choose a canned reply first.")
    filled = ReplyForm(language=inquiry.language, initial=initial)
    return model_admin.page(request, inquiry, reply_form=filled, refusal=refusal)


def note_step(model_admin, request, inquiry):
    require_story_access(request.user, inquiry)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return model_admin.page(request, inquiry, note_form=form)
    return model_admin.run_action(
        request,
        inquiry,
        lambda: actions.add_note(inquiry, text=form.cleaned_data["text"], by=request.user),
        done=_("%(reference)s: your note is saved."),
        anchor="#notes",
        note_form=form,
    )


def _number(text):
    """0, which is no primary key, for what is no number or too long for a database integer."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
