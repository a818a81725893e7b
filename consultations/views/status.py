"""The page on which a patient comes back: a code opens it, for half an hour."""

from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from consultations.actions import mark_read, visit_by_code, visit_of
from consultations.forms.status import NOT_A_CODE, CodeForm, MessageForm
from consultations.models import Status
from consultations.status.access_history import openings_of, shown_name
from consultations.status.answers import given_answers, text_of
from consultations.status.wording import words_for
from consultations.views.photos import photo_context
from consultations.views.visit import (
    delete_visit_cookie,
    end_visit_in,
    has_visit_cookie,
    leave_visit,
    set_visit_cookie,
    visit_in,
)
from gutskin.cross_site import is_cross_site
from gutskin.form_recovery import recover_form
from gutskin.rate_limits import TooManyRequests, client_address

HERE = "consultations:status-page"


def _unavailable(request):
    """The database does not answer: nothing here may ask it."""
    return _enter_again(request, trouble="unavailable", status=503)


def _csrf_failed(request):
    return _enter_again(request, trouble="stale", status=403)


def _enter_again(request, *, trouble, status):
    # Another website puts neither its code nor its words into this page.
    posted = request.POST if request.method == "POST" and not is_cross_site(request) else {}
    form = CodeForm({"code": posted["code"]}) if "code" in posted else None
    return enter_page(request, form, kept=MessageForm(posted) if posted else None, trouble=trouble, status=status)


@recover_form(unavailable=_unavailable, csrf_failed=_csrf_failed, accepts_nul=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def status_page(request):
    if request.method == "POST":
        return _take_code(request)
    visit = visit_in(request)
    if visit is None:
        return enter_page(request, trouble="over" if has_visit_cookie(request) else "")
    return visit_page(request, visit)


def _take_code(request):
    kept = MessageForm(request.POST)
    if "code" not in request.POST:
        # The script asks for this when the visit is over and a message is not sent yet.
        response = enter_page(request, kept=kept, trouble="over")
        leave_visit(request, response)
        return response
    form = CodeForm(request.POST)
    if not form.is_valid():
        return enter_page(request, form, kept=kept)
    try:
        token = visit_by_code(form.cleaned_data["code"], address=client_address(request))
    except TooManyRequests as error:
        return error.apply_to(enter_page(request, form, kept=kept, trouble="too_many", again_at=error.again_at))
    if token is None:
        # The code is not repeated: the page says the same to every wrong one.
        form = CodeForm({"code": ""})
        form.errors["code"] = form.error_class([NOT_A_CODE])
        return enter_page(request, form, kept=kept)
    return begin(request, token, kept=kept)


def begin(request, token, *, kept):
    """Into the visit with a new secret, out of the one before. A message that was not sent yet comes along."""
    end_visit_in(request)
    if kept.kept:
        response = visit_page(request, visit_of(token), message_form=kept, trouble="not_sent_yet")
    else:
        response = redirect(HERE)
    set_visit_cookie(response, token)
    return response


@require_safe
def status_erased(request):
    """What is left to say. It asks the database nothing and knows nobody."""
    return render(request, "consultations/status/erased.html")


def enter_page(request, form=None, *, kept=None, trouble="", status=200, **context):
    """The form for the code. `kept` holds a message that was typed and not sent: it comes along unseen."""
    form = form or CodeForm()
    context |= {
        "form": form,
        "kept": kept if kept and kept.kept else None,
        "trouble": trouble,
        "has_errors": bool(form.errors) or trouble not in ("", "over"),
    }
    response = render(request, "consultations/status/enter.html", context, status=status)
    if trouble == "over":
        delete_visit_cookie(response)
    return response


def visit_page(request, visit, *, message_form=None, trouble="", status=200, **context):
    """Everything about one request. `message_form` comes back filled in when its message was not stored."""
    inquiry = visit.inquiry
    messages = list(inquiry.messages.select_related("author"))
    mark_read(messages)
    form = message_form or MessageForm()
    context |= {
        "visit": visit,
        "inquiry": inquiry,
        "words": words_for(inquiry),
        "answers": given_answers(inquiry),
        "conversation": [_turn(message) for message in messages],
        "form": form,
        "trouble": trouble,
        # That a message is not sent yet, after staying longer or coming in again, is no error.
        "has_errors": trouble not in ("", "not_sent_yet") or (form.is_bound and bool(form.errors)),
        "is_sent": request.GET.get("done") == "message" and messages and messages[-1].is_from_patient,
        "takes_messages": inquiry.status not in (Status.WITHDRAWN, Status.SPAM),
        "can_be_stopped": Status.WITHDRAWN in inquiry.next_steps,
        "photos": photo_context(inquiry),
        "openings": openings_of(inquiry),
        "consents": inquiry.consents.order_by("given_at", "pk"),
    }
    return render(request, "consultations/status/page.html", context, status=status)


def _turn(message):
    by = "" if message.is_from_patient else shown_name(message.author)
    return {
        "is_mine": message.is_from_patient,
        "by": by,
        "at": message.written_at,
        "read_at": message.read_at,
        "text": text_of(message, "text"),
    }
