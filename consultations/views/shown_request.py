"""A page acts on what it shows: each form and link of the status page names the request that its page showed.

The visit is a cookie, which all tabs of a browser share. Without the name, the page of one request would act on another
one as soon as that one's code had been entered in a second tab.
"""

from django.core.signing import BadSignature, Signer
from django.shortcuts import render

from consultations.forms.status import CodeForm, MessageForm

# The hidden field in every form, and the parameter of every link; its value is the reference, which the page shows
# anyway, with a signature.
FIELD = "for_request"


def signed_reference(inquiry) -> str:
    """The value of the field for a request, or for its receipt.

    Signed, so that the page about a mix-up shows no reference that is not ours.
    """
    return _signer().sign(inquiry.reference)


def shown_reference(sent) -> str:
    """The reference of the request for which a form or link was made, from POST or GET; empty if it names none."""
    try:
        return _signer().unsign(sent.get(FIELD, ""))
    except BadSignature:
        return ""


def is_for_another(request, inquiry) -> bool:
    """Was this form, or link, made on the page of another request?

    A form that names none was not made for this one either; an address that names none was typed by hand.
    """
    if request.method != "POST" and FIELD not in request.GET:
        return False
    return shown_reference(_sent(request)) != inquiry.reference


def other_request_page(request, visit):
    """Nothing was done: the words that were typed, and the ways to both requests."""
    context = {
        "visit": visit,
        "inquiry": visit.inquiry,
        "for_request": signed_reference(visit.inquiry),
        "shown": shown_reference(_sent(request)),
        "unsent": MessageForm(request.POST),
        "had_files": bool(request.FILES),
        "form": CodeForm(),
    }
    return render(request, "consultations/status/other_request.html", context, status=409)


def _sent(request):
    return request.POST if request.method == "POST" else request.GET


def _signer():
    return Signer(salt="consultations.for_request")
