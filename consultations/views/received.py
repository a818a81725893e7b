"""After sending: the reference and the receipt code, from an encrypted cookie, without a session or a query."""

import base64
import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_date, parse_datetime

from consultations.models import Inquiry
from consultations.queue.reply_times import ReplyTimes
from consultations.request_numbers import receipt_code, sender_digest
from consultations.views.shown_request import shown_reference, signed_reference
from gutskin import limits
from gutskin.encryption.cipher import EncryptionError, decrypt, encrypt
from gutskin.form_recovery import recover_form
from gutskin.http_methods import require_http_methods, require_safe

# A cookie instead of a session: a session would be a row that contains the code, and the page must also work while the
# database is down (docs/decisions/0019). PLACE binds the ciphertext to this use: text from elsewhere does not decrypt.
PLACE = "cookie.receipt"


@dataclass(frozen=True)
class Receipt:
    reference: str
    code: str  # empty once the patient has hidden it, or its time is over, or in another browser
    reply_by: date
    usual_days: int | None  # recent median time to a first reply, in working days
    sent_at: datetime
    photos_left_out: bool = False  # of a form that was sent again
    takes_mail: bool = True  # without e-mail, the code is the only way back

    @property
    def seconds_left(self) -> int:
        """How long the code will still be shown, rounded up."""
        return int((self.sent_at + limits.RECEIPT_CODE_SHOWN_FOR - timezone.now()).total_seconds()) + 1


def browser_secret(request) -> str:
    """A secret that this browser had before it sent the form: that of its CSRF cookie, which lasts for a year."""
    return request.META.get("CSRF_COOKIE", "")


def redirect_to_receipt(
    request, inquiry: Inquiry, usual: ReplyTimes | None, *, photos_left_out: bool = False
) -> HttpResponse:
    """Redirects to the page that shows the receipt; the cookie carries it there.

    The form may be sent again a month later, or by the next person at the same computer: the time counts from when the
    request came in, and a code that was hidden stays hidden.
    """
    receipt = Receipt(
        reference=inquiry.reference,
        code=receipt_code(inquiry.idempotency_key),
        reply_by=timezone.localdate(inquiry.due_at),
        usual_days=usual.days if usual else None,
        sent_at=inquiry.received_at,
        photos_left_out=photos_left_out,
        takes_mail=inquiry.takes_mail,
    )
    digest = sender_digest(inquiry.idempotency_key, browser_secret(request))
    is_sender = constant_time_compare(digest, inquiry.sender_digest)
    before = _receipt_in(request)
    was_hidden = before and before.reference == receipt.reference and not before.code
    return _redirect_with(receipt if is_sender and not was_hidden else replace(receipt, code=""))


def _csrf_failed(request):
    """Still shows the code; to hide it, the patient presses the button again."""
    return _page(request, _receipt_in(request), status=403)


def _other_receipt_page(request, receipt, shown):
    """This browser has sent another request since: nothing is hidden or saved."""
    context = {"receipt": receipt, "shown": shown}
    return render(request, "consultations/received_other.html", context, status=409)


@recover_form(csrf_failed=_csrf_failed)
@require_http_methods(["GET", "HEAD", "POST"])
def inquiry_received(request):
    """Shows the receipt. A POST says that the patient has kept the code, so it is not shown again."""
    receipt = _receipt_in(request)
    if request.method != "POST":
        return _page(request, receipt)
    if receipt is None:
        return redirect("consultations:inquiry-received")
    shown = shown_reference(request.POST)
    if shown != receipt.reference:
        return _other_receipt_page(request, receipt, shown)
    return _redirect_with(replace(receipt, code=""))


@require_safe
def receipt_file(request):
    """The reference and the code as a file to save, for as long as the page shows the code."""
    receipt = _receipt_in(request)
    shown = shown_reference(request.GET)
    if receipt and shown and shown != receipt.reference:
        return _other_receipt_page(request, receipt, shown)
    if not receipt or not receipt.code or not shown:
        return redirect("consultations:inquiry-received")
    context = {"receipt": receipt, "site_url": settings.SITE_URL}
    text = render_to_string("consultations/receipt.txt", context)
    # The file name must reveal nothing to other people who use the same computer.
    headers = {"Content-Disposition": 'attachment; filename="code.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def _page(request, receipt, status=200):
    context = {"receipt": receipt, "for_request": signed_reference(receipt) if receipt else ""}
    return render(request, "consultations/received.html", context, status=status)


def _redirect_with(receipt):
    response = redirect("consultations:inquiry-received")
    encrypted = encrypt(json.dumps(asdict(receipt), default=str), place=PLACE)
    response.set_cookie(
        _cookie(),
        # In base64 once more, because a cookie value may not contain every character of a ciphertext.
        base64.urlsafe_b64encode(encrypted.encode()).decode().rstrip("="),
        max_age=limits.RECEIPT_SHOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _receipt_in(request):
    """None if there is no valid cookie of ours or it has expired."""
    try:
        cookie = request.COOKIES.get(_cookie(), "").encode()
        encrypted = base64.urlsafe_b64decode(cookie + b"=" * (-len(cookie) % 4)).decode()
        values = json.loads(decrypt(encrypted, place=PLACE))
        dates = {"reply_by": parse_date(values["reply_by"]), "sent_at": parse_datetime(values["sent_at"])}
        receipt = Receipt(**values | dates)
    # TypeError: the cookie of an earlier version of the site.
    except (EncryptionError, ValueError, TypeError):
        return None
    age = timezone.now() - receipt.sent_at
    if age >= limits.RECEIPT_SHOWN_FOR:
        return None
    return replace(receipt, code="") if age >= limits.RECEIPT_CODE_SHOWN_FOR else receipt


def _cookie():
    # __Host-: no sub-domain can set it. Browsers accept that prefix only over https.
    return "__Host-receipt" if settings.SESSION_COOKIE_SECURE else "receipt"
