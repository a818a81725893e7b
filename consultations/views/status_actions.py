"""What a patient does on the status page. Every action needs a visit; without one, the page asks for the code."""

from functools import wraps

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from consultations import actions
from consultations.forms.status import MessageForm
from consultations.models import Inquiry, StatusPass
from consultations.status.download import fhir_file, zip_file
from consultations.views.status import STATUS_PAGE, begin, enter_page, visit_page
from consultations.views.visit_cookie import delete_visit_cookie, leave_visit, visit_in
from gutskin import limits
from gutskin.cross_site import is_cross_site
from gutskin.errors import error_page
from gutskin.form_recovery import recover_form
from gutskin.large_forms import shortened
from gutskin.rate_limits import TooManyRequests

FILES = {
    "zip": (zip_file, "application/zip", "my-request.zip"),
    "fhir": (fhir_file, "application/fhir+json", "my-request.fhir.json"),
}


def visit_required(view):
    """Decorator that passes the visit to the view. Without a visit it asks for the code, and keeps a typed message."""

    @wraps(view)
    def with_visit(request):
        visit = visit_in(request)
        try:
            return _visit_over(request) if visit is None else view(request, visit)
        except Inquiry.DoesNotExist:
            # The patient erased the request in another window a moment ago.
            return _visit_over(request)

    return with_visit


def _visit_over(request):
    unsent = MessageForm(request.POST) if request.method == "POST" else None
    return enter_page(request, unsent=unsent, problem="visit_over", status=403 if request.method == "POST" else 200)


def _message_unavailable(request):
    return _message_unsent(request, problem="unavailable", status=503)


def _message_csrf_failed(request):
    return _message_unsent(request, problem="stale", status=403)


def _message_too_large(request):
    return _message_unsent(request, problem="too_large", status=413)


@recover_form(
    unavailable=_message_unavailable,
    csrf_failed=_message_csrf_failed,
    too_large=_message_too_large,
    accepts_nul=True,
)
@sensitive_post_parameters()
@require_POST
@visit_required
def status_message(request, visit):
    form = MessageForm(request.POST)
    if not form.is_valid():
        return visit_page(request, visit, message_form=form)
    try:
        actions.receive_message(visit.inquiry, text=form.cleaned_data["text"], key=form.form_key)
    except actions.StepNotAllowed:
        # The patient or a colleague ended the request after this page was opened.
        return visit_page(request, visit, message_form=form, problem="request_over", status=409)
    except TooManyRequests as error:
        page = visit_page(request, visit, message_form=form, problem="too_many", again_at=error.again_at)
        return error.apply_to(page)
    return redirect(f"{reverse(STATUS_PAGE)}?done=message#sent")


def _message_unsent(request, *, problem, status):
    """The message again with its button, without a query. A message that another website sent is not shown."""
    if is_cross_site(request):
        return error_page({503: "503.html", 413: "413.html"}.get(status, "403_csrf.html"), status)
    # The real end of the visit is in the database. This page hides the words half an hour from now instead.
    visit = StatusPass(ends_at=timezone.now() + limits.VISIT_LASTS)
    context = {"form": MessageForm(shortened(request.POST)), "problem": problem, "visit": visit}
    return render(request, "consultations/status/message_unsent.html", context, status=status)


@recover_form(unavailable=_message_unavailable, csrf_failed=_message_csrf_failed, accepts_nul=True)
@sensitive_post_parameters()
@require_POST
@visit_required
def status_stay(request, visit):
    """Half an hour more, with a new secret. A typed message is carried over."""
    return begin(request, actions.begin_visit(visit.inquiry), unsent=MessageForm(request.POST))


def _leave_unavailable(request):
    """Leaves the page even without a database; the visit ends by itself. A redirect would be turned into a 503."""
    response = error_page("503.html", 503)
    delete_visit_cookie(response)
    return response


# Exempt, because leaving must work even with an expired token. No other website can end a visit: its cookie is Strict.
@recover_form(unavailable=_leave_unavailable)
@csrf_exempt
@require_POST
def status_leave(request):
    response = redirect("education:home")
    leave_visit(request, response)
    return response


@require_POST
@visit_required
def status_consent(request, visit):
    actions.withdraw_consent(visit.inquiry, purpose=request.POST.get("purpose", ""))
    return redirect(STATUS_PAGE)


@require_POST
@visit_required
def status_withdraw(request, visit):
    try:
        actions.withdraw(visit.inquiry)
    except actions.StepNotAllowed:
        return visit_page(request, visit, problem="request_over", status=409)
    return redirect(STATUS_PAGE)


@require_http_methods(["GET", "HEAD", "POST"])
@visit_required
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
    context = {"inquiry": visit.inquiry, "visit": visit, "refusal": refusal, "is_missing": is_missing}
    return render(
        request, "consultations/status/erase.html", context, status=409 if refusal and request.method == "POST" else 200
    )


@require_POST
@visit_required
def status_download(request, visit):
    """Recorded first: a download that cannot be recorded in the audit log is not handed out."""
    # Anything unknown is the ZIP: a patient should get their data, not an error.
    what = request.POST.get("file", "zip")
    make, media_type, name = FILES.get(what, FILES["zip"])
    actions.record_download(visit.inquiry, what=what if what in FILES else "zip")
    response = HttpResponse(make(visit.inquiry), content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
