"""What a patient does on the status page. Every action needs a visit; without one, the page asks for the code."""

from functools import wraps

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from consultations import actions
from consultations.forms.status import NOT_THE_ANSWER, ContactForm, MessageForm
from consultations.models import Inquiry, StatusPass
from consultations.photos.upload import takes_photos
from consultations.red_flags import acknowledgement, advice_for, find_red_flags_in, is_acknowledged
from consultations.status.download import fhir_file, zip_file
from consultations.views.photos import change_photos
from consultations.views.shown_request import is_for_another, other_request_page, signed_reference
from consultations.views.status import STATUS_PAGE, answer_form, begin, enter_page, link_page, visit_page
from consultations.views.visit_cookie import delete_visit_cookie, leave_visit, visit_in
from gutskin import limits
from gutskin.cross_site import is_cross_site
from gutskin.errors import error_page
from gutskin.form_recovery import recover_form
from gutskin.http_methods import require_http_methods, require_post
from gutskin.large_forms import shortened
from gutskin.rate_limits import TooManyRequests

FILES = {
    "zip": (zip_file, "application/zip", "my-request.zip"),
    "fhir": (fhir_file, "application/fhir+json", "my-request.fhir.json"),
}


def visit_required(view):
    """Decorator that passes the visit to the view. Without a visit it asks for the code, and keeps a typed message.

    A form that was made on the page of another request changes nothing.
    """

    @wraps(view)
    def with_visit(request):
        visit = visit_in(request)
        if visit is None:
            return visit_over(request)
        try:
            if is_for_another(request, visit.inquiry):
                return other_request_page(request, visit)
            return view(request, visit)
        except Inquiry.DoesNotExist:
            # The patient erased the request in another window a moment ago.
            return visit_over(request)

    return with_visit


def story_required(view):
    """Decorator below `visit_required`: after a link by mail, one more answer is asked for first."""

    @wraps(view)
    def with_story(request, visit):
        if visit.shows_story:
            return view(request, visit)
        return link_page(request, visit, unsent=MessageForm(request.POST), status=403)

    return with_story


def code_required(view):
    """Decorator below `visit_required`: what cannot be undone, and what takes everything along, needs the code."""

    @wraps(view)
    def with_code(request, visit):
        return view(request, visit) if visit.may_decide else enter_page(request, problem="needs_code", status=403)

    return with_code


def visit_over(request):
    unsent = MessageForm(request.POST) if request.method == "POST" else None
    return enter_page(request, unsent=unsent, problem="visit_over", status=403 if request.method == "POST" else 200)


def _message_unavailable(request):
    return message_unsent(request, problem="unavailable", status=503)


def _message_csrf_failed(request):
    return message_unsent(request, problem="stale", status=403)


def _message_too_large(request):
    return message_unsent(request, problem="too_large", status=413)


@recover_form(
    unavailable=_message_unavailable,
    csrf_failed=_message_csrf_failed,
    too_large=_message_too_large,
    accepts_nul=True,
)
@takes_photos
@sensitive_post_parameters()
@require_post(back="consultations:status-page")
@visit_required
@story_required
def status_message(request, visit):
    form = MessageForm(request.POST)
    # Without the script, chosen photos come with the message. They come first, like those of the form.
    photos = change_photos(request, visit.inquiry)
    if "change" in request.POST or not form.is_valid():
        return visit_page(request, visit, message_form=form, photo_answer=photos)
    signs = find_red_flags_in(form.cleaned_data["text"])
    if not is_acknowledged(signs, form.cleaned_data["advice_read"]):
        return _message_advice(request, visit, form, signs)
    try:
        actions.receive_message(visit.inquiry, text=form.cleaned_data["text"], key=form.form_key, signs=signs)
    except actions.StepNotAllowed:
        # The patient or a colleague ended the request after this page was opened.
        unsent = {"message_form": form, "problem": "request_over", "advice": advice_for(signs)}
        return visit_page(request, visit, status=409, **unsent)
    except TooManyRequests as error:
        unsent = {"message_form": form, "problem": "too_many", "advice": advice_for(signs)}
        return error.apply_to(visit_page(request, visit, again_at=error.again_at, **unsent))
    if photos.problems:
        return visit_page(request, visit, photo_answer=photos, is_sent=True)
    return redirect(f"{reverse(STATUS_PAGE)}?done=message#sent")


def _message_advice(request, visit, form, signs):
    """Advice about the red flags in a message. The patient reads it, and then can send the message all the same."""
    context = {
        "visit": visit,
        "form": form,
        "for_request": signed_reference(visit.inquiry),
        "advice": advice_for(signs),
        "acknowledgement": acknowledgement(signs),
    }
    return render(request, "consultations/status/message_advice.html", context)


def message_unsent(request, *, problem, status):
    """The message again with its button, without a query. A message that another website sent is not shown."""
    if is_cross_site(request):
        return error_page({503: "503.html", 413: "413.html"}.get(status, "403_csrf.html"), status)
    # The real end of the visit is in the database. This page hides the words half an hour from now instead.
    visit = StatusPass(ends_at=timezone.now() + limits.VISIT_LASTS)
    form = MessageForm(shortened(request.POST))
    advice = advice_for(find_red_flags_in(form.data["text"]))
    context = {"form": form, "problem": problem, "visit": visit, "advice": advice}
    context["for_request"] = form.data["for_request"]
    return render(request, "consultations/status/message_unsent.html", context, status=status)


@recover_form(unavailable=_message_unavailable, csrf_failed=_message_csrf_failed, accepts_nul=True)
@sensitive_post_parameters()
@require_post(back="consultations:status-page")
@visit_required
def status_stay(request, visit):
    """Half an hour more, with a new secret. A typed message is carried over."""
    return begin(request, actions.begin_visit(visit.inquiry, visit.opened_with), unsent=MessageForm(request.POST))


@recover_form(unavailable=_message_unavailable, csrf_failed=_message_csrf_failed, accepts_nul=True)
@sensitive_post_parameters()
@require_post(back="consultations:status-page")
@visit_required
def status_answer(request, visit):
    """The answer after a link by mail, which shows the rest of the request."""
    unsent = MessageForm(request.POST)
    if visit.shows_story:
        return begin(request, actions.begin_visit(visit.inquiry, visit.opened_with), unsent=unsent)
    form = answer_form(visit.inquiry, request.POST)
    if form is None or not form.is_valid():
        return link_page(request, visit, form, unsent=unsent)
    try:
        token = actions.answer_after_link(visit.inquiry, **form.cleaned_data)
    except TooManyRequests as error:
        page = link_page(request, visit, form, unsent=unsent, problem="too_many", again_at=error.again_at)
        return error.apply_to(page)
    if token is None:
        form.add_error(None, NOT_THE_ANSWER)
        return link_page(request, visit, form, unsent=unsent)
    return begin(request, token, unsent=unsent)


def _leave_unavailable(request):
    """Leaves the page even without a database; the visit ends by itself. A redirect would be turned into a 503."""
    response = error_page("503.html", 503)
    delete_visit_cookie(response)
    return response


# Exempt, because leaving must work even with an expired token. No other website can end a visit: its cookie is Strict.
# Names no request either: whichever is open in this browser, it must not be seen by the person who comes in.
@recover_form(unavailable=_leave_unavailable)
@csrf_exempt
@require_post(back="consultations:status-page")
def status_leave(request):
    response = redirect("education:home")
    leave_visit(request, response)
    return response


@require_post(back="consultations:status-page")
@visit_required
@code_required
def status_consent(request, visit):
    actions.withdraw_consent(visit.inquiry, purpose=request.POST.get("purpose", ""))
    return redirect(STATUS_PAGE)


def _contact_unavailable(request):
    return error_page("503.html", 503)


@recover_form(unavailable=_contact_unavailable)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@visit_required
@code_required
def status_contact(request, visit):
    """Corrects the address, the phone number and the age group."""
    form = ContactForm(request.POST or None, inquiry=visit.inquiry)
    if request.method == "POST" and form.is_valid():
        actions.correct_contact(visit.inquiry, **form.contact)
        return redirect(f"{reverse(STATUS_PAGE)}?done=contact#contact")
    context = {"visit": visit, "inquiry": visit.inquiry, "form": form, "has_errors": form.is_bound}
    context["for_request"] = signed_reference(visit.inquiry)
    return render(request, "consultations/status/contact.html", context)


@require_post(back="consultations:status-page")
@visit_required
@code_required
def status_withdraw(request, visit):
    try:
        actions.withdraw(visit.inquiry)
    except actions.StepNotAllowed:
        return visit_page(request, visit, problem="request_over", status=409)
    return redirect(STATUS_PAGE)


@require_http_methods(["GET", "HEAD", "POST"])
@visit_required
@code_required
def status_erase(request, visit):
    """GET says what will be erased; POST needs the tick, and erases."""
    refusal = str(actions.OnLegalHold()) if visit.inquiry.held_at else ""
    is_missing = False
    if request.method == "POST":
        is_missing = request.POST.get("understood") != "yes"
        if not is_missing:
            try:
                actions.erase(visit.inquiry)
            except actions.OnLegalHold as error:
                refusal = str(error)
            else:
                response = redirect("consultations:status-erased")
                delete_visit_cookie(response)
                return response
    context = {
        "inquiry": visit.inquiry,
        "for_request": signed_reference(visit.inquiry),
        "visit": visit,
        "refusal": refusal,
        "is_missing": is_missing,
    }
    return render(
        request, "consultations/status/erase.html", context, status=409 if refusal and request.method == "POST" else 200
    )


@require_post(back="consultations:status-page")
@visit_required
@code_required
def status_download(request, visit):
    """Recorded first: a download that cannot be recorded in the audit log is not handed out."""
    # Anything unknown is the ZIP: a patient should get their data, not an error.
    what = request.POST.get("file", "zip")
    make, media_type, name = FILES.get(what, FILES["zip"])
    actions.record_download(visit.inquiry, what=what if what in FILES else "zip")
    response = HttpResponse(make(visit.inquiry), content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
