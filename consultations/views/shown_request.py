"""A page acts on what it shows: each form of the status page names the request that its page showed.

The visit is a cookie, which all tabs of a browser share. Without the name, the page of one request would act on another
one as soon as that one's code had been entered in a second tab.
"""

from django.core.signing import BadSignature, Signer
from django.shortcuts import render

from consultations.forms.status import CodeForm, MessageForm

# The hidden field in every form; its value is the reference, which the page shows anyway, with a signature.
FIELD = "for_request"


def signed_reference(inquiry) -> str:
    """The value of the hidden field for a request, or for its receipt.

    Signed, so that the page about a mix-up shows no reference that is not ours.
    """
    return _signer().sign(inquiry.reference)


def shown_reference(sent) -> str:
    """The reference of the request for which a form was made, from request.POST or GET; empty if it names none."""
    try:
        return _signer().unsign(sent.get(FIELD, ""))
    except BadSignature:
        return ""


def is_for_another(request, inquiry) -> bool:
    """Was this form made on the page of another request? A form that names none was not made for this one either."""
    return request.method == "POST" and shown_reference(request.POST) != inquiry.reference


def other_request_page(request, visit):
    """Nothing was done: the words that were typed, and the ways to both requests."""
    context = {
        "visit": visit,
        "inquiry": visit.inquiry,
        "for_request": signed_reference(visit.inquiry),
        "shown": shown_reference(request.POST),
        "unsent": MessageForm(request.POST),
        "had_files": bool(request.FILES),
        "form": CodeForm(),
    }
    return render(request, "consultations/status/other_request.html", context, status=409)


def _signer():
    return Signer(salt="consultations.for_request")
