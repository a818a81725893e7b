"""Where the receipt asks whoever reads its mailbox whether the request is theirs."""

from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from consultations.actions import confirm_address, inquiry_of_address, refuse_address
from gutskin.form_recovery import recover_form
from gutskin.http_methods import require_http_methods

ANSWERS = {"mine": confirm_address, "not-mine": refuse_address}


def _csrf_failed(request):
    """The question again, with a new CSRF token."""
    return _page(request, request.POST.get("key", ""), status=403)


@recover_form(csrf_failed=_csrf_failed)
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def address_answer(request):
    """GET asks and POST answers, because programs that check mail open every link in it."""
    if request.method != "POST":
        return _page(request, request.GET.get("key", ""))
    token, answer = request.POST.get("key", ""), request.POST.get("answer", "")
    inquiry = inquiry_of_address(token)
    if inquiry and answer in ANSWERS:
        ANSWERS[answer](inquiry)
        return _page(request, token, answer=answer)
    return _page(request, token)


def _page(request, token, *, answer="", status=200):
    inquiry = inquiry_of_address(token)
    context = {"inquiry": inquiry, "token": token, "answer": answer}
    response = render(request, "consultations/address.html", context, status=status)
    # As for the link to the status page: see lost_code.py.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
