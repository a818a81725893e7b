"""The status page, to which a patient comes back: the receipt code opens it for half an hour, called a visit."""

from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from consultations.actions import begin_visit_by_code, get_visit, mark_read, question_after_link
from consultations.forms.status import AFTER_LINK, NOT_A_CODE, CodeForm, MessageForm
from consultations.models import Status
from consultations.status.access_history import access_history_of, public_name
from consultations.status.answers import decrypted_or_none, given_answers
from consultations.status.wording import describe_status
from consultations.views.photos import photo_context, shown_photos
from consultations.views.shown_request import is_for_another, other_request_page, shown_reference, signed_reference
from consultations.views.visit_cookie import (
    delete_visit_cookie,
    end_visit_in,
    has_visit_cookie,
    leave_visit,
    set_visit_cookie,
    visit_in,
)
from gutskin.cross_site import is_cross_site
from gutskin.form_recovery import recover_form
from gutskin.http_methods import require_http_methods, require_safe
from gutskin.proxy import client_address
from gutskin.rate_limits import TooManyRequests

STATUS_PAGE = "consultations:status-page"


def _unavailable(request):
    """The database is not available: nothing here may query it."""
    return _enter_again(request, problem="unavailable", status=503)


def _csrf_failed(request):
    return _enter_again(request, problem="stale", status=403)


@recover_form(unavailable=_unavailable, csrf_failed=_csrf_failed, accepts_nul=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def status_page(request):
    if request.method == "POST":
        return _take_code(request)
    visit = visit_in(request)
    if visit is None:
        return enter_page(request, problem="visit_over" if has_visit_cookie(request) else "")
    if is_for_another(request, visit.inquiry):
        return other_request_page(request, visit)
    return open_page(request, visit)


def _take_code(request):
    unsent = MessageForm(request.POST)
    if "code" not in request.POST:
        # The script posts this when the visit ends while a message has not been sent.
        visit = visit_in(request)
        if visit and shown_reference(request.POST) and is_for_another(request, visit.inquiry):
            # That visit ended when the code of another request was entered in a second tab, whose visit goes on.
            return other_request_page(request, visit)
        response = enter_page(request, unsent=unsent, problem="visit_over")
        leave_visit(request, response)
        return response
    form = CodeForm(request.POST)
    if not form.is_valid():
        return enter_page(request, form, unsent=unsent)
    try:
        token = begin_visit_by_code(form.cleaned_data["code"], address=client_address(request))
    except TooManyRequests as error:
        return error.apply_to(enter_page(request, form, unsent=unsent, problem="too_many", again_at=error.again_at))
    if token is None:
        # Every wrong code costs the same queries and gets the same answer, which does not repeat the code.
        form = CodeForm({"code": ""})
        form.errors["code"] = form.error_class([NOT_A_CODE])
        return enter_page(request, form, unsent=unsent)
    return begin(request, token, unsent=unsent)


def begin(request, token, *, unsent):
    """Starts the visit of this token and ends the one before. A message that has not been sent is carried over.

    A new secret on every entry, so that a token left over in the browser opens nothing (as with session fixation).
    """
    end_visit_in(request)
    if unsent.unsent_text:
        visit = get_visit(token)
        shown = shown_reference(request.POST)
        is_elsewhere = shown and is_for_another(request, visit.inquiry)
        problem = "written_elsewhere" if is_elsewhere else "not_sent_yet"
        response = open_page(request, visit, unsent=unsent, problem=problem, shown=shown)
    else:
        response = redirect(STATUS_PAGE)
    set_visit_cookie(response, token)
    return response


def _enter_again(request, *, problem, status):
    # Another website must not put a code or words of its own into this page.
    posted = request.POST if request.method == "POST" and not is_cross_site(request) else {}
    form = CodeForm({"code": posted["code"]}) if "code" in posted else None
    return enter_page(request, form, unsent=MessageForm(posted) if posted else None, problem=problem, status=status)


@require_safe
def status_erased(request):
    """The confirmation that a request was erased. It makes no query and names no request."""
    return render(request, "consultations/status/erased.html")


def enter_page(request, form=None, *, unsent=None, problem="", status=200, **context):
    """The form for the code. `unsent` is a message that was typed but not sent: hidden fields carry it along."""
    form = form or CodeForm()
    context |= {
        "form": form,
        "unsent": unsent if unsent and unsent.unsent_text else None,
        "problem": problem,
        "has_errors": bool(form.errors) or problem not in ("", "visit_over"),
    }
    response = render(request, "consultations/status/enter.html", context, status=status)
    if problem == "visit_over":
        delete_visit_cookie(response)
    return response


def open_page(request, visit, *, unsent=None, problem="", **context):
    """What this visit may see: everything, or after a link by mail the status and one more question."""
    if not visit.shows_story:
        return link_page(request, visit, unsent=unsent)
    return visit_page(request, visit, message_form=unsent, problem=problem, **context)


def answer_form(inquiry, data=None):
    """The question after a link by mail as a form; None if there is nothing that could be asked."""
    form = AFTER_LINK.get(question_after_link(inquiry))
    return form and form(data)


def link_page(request, visit, form=None, *, unsent=None, problem="", status=200, **context):
    """The status, without anything that a patient or the clinic wrote, and the question that shows the rest."""
    form = form or answer_form(visit.inquiry)
    context |= {
        "visit": visit,
        "inquiry": visit.inquiry,
        "status": describe_status(visit.inquiry, tells_signs=False),
        "form": form,
        "code_form": CodeForm(auto_id="enter_%s"),
        "for_request": signed_reference(visit.inquiry),
        "unsent": unsent if unsent and unsent.unsent_text else None,
        "problem": problem,
        "has_errors": bool(problem) or bool(form and form.errors),
    }
    return render(request, "consultations/status/by_link.html", context, status=status)


def visit_page(
    request, visit, *, message_form=None, problem="", status=200, photo_answer=None, is_sent=False, **context
):
    """Everything about one request. `message_form` is shown filled in when its message was not stored.

    `photo_answer` says which photos were refused.
    """
    inquiry = visit.inquiry
    messages = list(inquiry.messages.select_related("author"))
    # On this page only: a reply counts as read when it was on the screen.
    mark_read(messages)
    form = message_form or MessageForm()
    if photo_answer:
        photo_answer.photos = shown_photos(inquiry)
    photos = photo_context(inquiry, photo_answer, form_id="message")
    context |= {
        "visit": visit,
        "inquiry": inquiry,
        "for_request": signed_reference(inquiry),
        "status": describe_status(inquiry),
        "answers": given_answers(inquiry),
        "conversation": [_message(message) for message in messages],
        "form": form,
        "problem": problem,
        # A message carried over from a visit that ended is no error.
        "has_errors": problem not in ("", "not_sent_yet", "written_elsewhere")
        or (form.is_bound and not problem and bool(form.errors))
        or bool(photos["field"].errors),
        # Only while the message is the newest: the address may be opened again later.
        "is_sent": is_sent or (request.GET.get("done") == "message" and messages and messages[-1].is_from_patient),
        "is_corrected": request.GET.get("done") == "contact",
        "takes_messages": inquiry.status not in (Status.WITHDRAWN, Status.SPAM),
        "can_be_stopped": Status.WITHDRAWN in inquiry.next_steps,
        "photos": photos,
        "access_history": access_history_of(inquiry),
        "consents": inquiry.consents.order_by("given_at", "pk"),
    }
    return render(request, "consultations/status/page.html", context, status=status)


def _message(message):
    by = "" if message.is_from_patient else public_name(message.author)
    return {
        "is_mine": message.is_from_patient,
        "by": by,
        "at": message.written_at,
        "read_at": message.read_at,
        "text": decrypted_or_none(message, "text"),
    }
