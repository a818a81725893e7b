"""What a patient does on the status page. Each step belongs to a visit; without one it leads back to the code."""

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
from consultations.views.status import HERE, begin, enter_page, visit_page
from consultations.views.visit import delete_visit_cookie, leave_visit, visit_in
from gutskin import limits
from gutskin.cross_site import is_cross_site
from gutskin.errors import error_page
from gutskin.form_recovery import recover_form
from gutskin.rate_limits import TooManyRequests

FILES = {
    "zip": (zip_file, "application/zip", "my-request.zip"),
    "fhir": (fhir_file, "application/fhir+json", "my-request.fhir.json"),
}


def in_a_visit(view):
    """Gives the view its visit. Where there is none any more, the code is asked for, and a typed message is kept."""

    @wraps(view)
    def with_visit(request):
        visit = visit_in(request)
        try:
            return _over(request) if visit is None else view(request, visit)
        except Inquiry.DoesNotExist:
            # Erased in another window a moment ago.
            return _over(request)

    return with_visit


def _over(request):
    kept = MessageForm(request.POST) if request.method == "POST" else None
    return enter_page(request, kept=kept, trouble="over", status=403 if request.method == "POST" else 200)


def _message_kept(request, *, trouble, status):
    """Asks the database nothing: the words, and the button once more, unless they are another website's."""
    if is_cross_site(request):
        return error_page("503.html" if status == 503 else "403_csrf.html", status)
    # When the visit ends is in the database. From now on half an hour: then the words go, as they do on its page.
    visit = StatusPass(ends_at=timezone.now() + limits.VISIT_LASTS)
    context = {"form": MessageForm(request.POST), "trouble": trouble, "visit": visit}
    return render(request, "consultations/status/message_kept.html", context, status=status)


def _message_unavailable(request):
    return _message_kept(request, trouble="unavailable", status=503)


def _message_csrf_failed(request):
    return _message_kept(request, trouble="stale", status=403)


@recover_form(unavailable=_message_unavailable, csrf_failed=_message_csrf_failed, accepts_nul=True)
@sensitive_post_parameters()
@require_POST
@in_a_visit
def status_message(request, visit):
    form = MessageForm(request.POST)
    if not form.is_valid():
        return visit_page(request, visit, message_form=form)
    try:
        actions.receive_message(visit.inquiry, text=form.cleaned_data["text"], key=form.form_key)
    except actions.StepNotAllowed:
        # Stopped in another window, or by a colleague, after this page was opened.
        return visit_page(request, visit, message_form=form, trouble="is_over", status=409)
    except TooManyRequests as error:
        page = visit_page(request, visit, message_form=form, trouble="too_many", again_at=error.again_at)
        return error.apply_to(page)
    return redirect(f"{reverse(HERE)}?done=message#sent")


@recover_form(unavailable=_message_unavailable, csrf_failed=_message_csrf_failed, accepts_nul=True)
@sensitive_post_parameters()
@require_POST
@in_a_visit
def status_stay(request, visit):
    """Half an hour more, with a new secret. What was typed comes along."""
    return begin(request, actions.begin_visit(visit.inquiry), kept=MessageForm(request.POST))


def _leave_unavailable(request):
    """The page must go even now; the visit ends by itself. A redirect would be turned into a 503."""
    response = error_page("503.html", 503)
    delete_visit_cookie(response)
    return response


# No other website can end a visit: its cookie is Strict. And leaving must work where a token is too old.
@recover_form(unavailable=_leave_unavailable)
@csrf_exempt
@require_POST
def status_leave(request):
    response = redirect("education:home")
    leave_visit(request, response)
    return response


@require_POST
@in_a_visit
def status_consent(request, visit):
    actions.take_back_consent(visit.inquiry, purpose=request.POST.get("purpose", ""))
    return redirect(HERE)


@require_POST
@in_a_visit
def status_withdraw(request, visit):
    try:
        actions.withdraw(visit.inquiry)
    except actions.StepNotAllowed:
        return visit_page(request, visit, trouble="is_over", status=409)
    return redirect(HERE)


@require_http_methods(["GET", "HEAD", "POST"])
@in_a_visit
def status_erase(request, visit):
    """The first step says what is gone; the second needs a tick, and erases."""
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
@in_a_visit
def status_download(request, visit):
    """Recorded first: what cannot be written down is not handed out."""
    what = request.POST.get("file", "zip")
    make, media_type, name = FILES.get(what, FILES["zip"])
    actions.record_download(visit.inquiry, what=what if what in FILES else "zip")
    response = HttpResponse(make(visit.inquiry), content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
