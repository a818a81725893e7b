"""For patients who have lost their receipt code. The answer is the same for every address, known to us or not."""

from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from consultations.actions import SiteLimitReached, ask_for_link, begin_visit_by_link, is_valid_link
from consultations.forms.status import LostCodeForm
from consultations.views.visit_cookie import end_visit_in, set_visit_cookie
from gutskin.cross_site import is_cross_site
from gutskin.form_recovery import recover_form
from gutskin.http_methods import require_http_methods
from gutskin.proxy import client_address
from gutskin.rate_limits import TooManyRequests


def _unavailable(request):
    return _ask_page(request, _form_again(request), problem="unavailable", status=503)


def _csrf_failed(request):
    return _ask_page(request, _form_again(request), problem="stale", status=403)


def _form_again(request):
    # Another website does not choose the address that is shown here.
    return LostCodeForm(request.POST if request.method == "POST" and not is_cross_site(request) else None)


@recover_form(unavailable=_unavailable, csrf_failed=_csrf_failed)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code_ask(request):
    if request.method != "POST":
        return _ask_page(request, LostCodeForm())
    form = LostCodeForm(request.POST)
    if not form.is_valid():
        return _ask_page(request, form)
    # Stores one row for every address and looks nothing up: the time of a look-up would tell who is a patient.
    try:
        ask_for_link(**form.cleaned_data, address=client_address(request))
    except SiteLimitReached as error:
        return error.apply_to(_ask_page(request, form, problem="many_are_asking", again_at=error.again_at))
    except TooManyRequests as error:
        return error.apply_to(_ask_page(request, form, problem="too_many", again_at=error.again_at))
    return render(request, "consultations/code_asked.html")


def _link_csrf_failed(request):
    """The link is not used up: the page is shown again with a new CSRF token."""
    return _link_page(request, request.POST.get("key", ""), status=403)


@recover_form(csrf_failed=_link_csrf_failed)
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def code_open(request):
    """Where the link in the mail leads: a page with a button, so that mail scanners that follow links do not use it up.

    The secret is in the query string, not in the path, because logs contain paths.
    """
    if request.method != "POST":
        token = request.GET.get("key", "")
        return _link_page(request, token if is_valid_link(token) else "")
    # Only this POST uses the link up, because mail scanners open every link.
    visit = begin_visit_by_link(request.POST.get("key", ""))
    if visit is None:
        return _link_page(request, token="")
    # On a shared computer, the visit of another person may still be open.
    end_visit_in(request)
    response = redirect("consultations:status-page")
    set_visit_cookie(response, visit)
    return response


def _ask_page(request, form, *, problem="", status=200, **context):
    context |= {"form": form, "problem": problem, "has_errors": bool(problem) or (form.is_bound and bool(form.errors))}
    return render(request, "consultations/code_ask.html", context, status=status)


def _link_page(request, token, status=200):
    response = render(request, "consultations/code_link.html", {"token": token}, status=status)
    # The address contains the secret, so the next page must not see it as the referrer. Not "no-referrer": with it,
    # browsers send the form with `Origin: null`, which Django's CSRF check refuses.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
