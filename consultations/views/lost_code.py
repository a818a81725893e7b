"""For those who have lost their receipt code. Whatever address is typed, the answer is the same."""

from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from consultations.actions import SiteLimitReached, ask_for_link, begin_visit_by_link, is_valid_link
from consultations.forms.lost_code import LostCodeForm
from consultations.views.visit import end_visit_in, set_visit_cookie
from gutskin.rate_limits import TooManyRequests, client_address


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code_ask(request):
    if request.method != "POST":
        return _ask_page(request, LostCodeForm())
    form = LostCodeForm(request.POST)
    if not form.is_valid():
        return _ask_page(request, form)
    try:
        ask_for_link(**form.cleaned_data, address=client_address(request))
    except SiteLimitReached as error:
        return error.apply_to(_ask_page(request, form, trouble="many_are_asking", again_at=error.again_at))
    except TooManyRequests as error:
        return error.apply_to(_ask_page(request, form, trouble="too_many", again_at=error.again_at))
    return render(request, "consultations/code_asked.html")


def _when_unavailable(request):
    form = LostCodeForm(request.POST if request.method == "POST" else None)
    return _ask_page(request, form, trouble="unavailable", status=503)


def _when_csrf_fails(request):
    return _ask_page(request, LostCodeForm(request.POST), trouble="stale", status=403)


code_ask.when_unavailable = _when_unavailable
code_ask.when_csrf_fails = _when_csrf_fails


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def code_open(request):
    """Where the link by mail leads: a page with a button. Programs that try links in mails do not use it up.

    The secret is in the query, not in the path: logs hold paths.
    """
    if request.method != "POST":
        token = request.GET.get("key", "")
        return _link_page(request, token if is_valid_link(token) else "")
    visit = begin_visit_by_link(request.POST.get("key", ""))
    if visit is None:
        return _link_page(request, token="")
    end_visit_in(request)
    response = redirect("consultations:status-page")
    set_visit_cookie(response, visit)
    return response


def _link_when_csrf_fails(request):
    """The link is not used up: the page comes again with a new token of its own."""
    return _link_page(request, request.POST.get("key", ""), status=403)


code_open.when_csrf_fails = _link_when_csrf_fails


def _ask_page(request, form, *, trouble="", status=200, **context):
    context |= {"form": form, "trouble": trouble, "has_errors": bool(trouble) or (form.is_bound and bool(form.errors))}
    return render(request, "consultations/code_ask.html", context, status=status)


def _link_page(request, token, status=200):
    response = render(request, "consultations/code_link.html", {"token": token}, status=status)
    # The address holds the secret: the next page must not be told where somebody came from.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
