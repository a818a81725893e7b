"""After sending: the reference and the receipt code, from an encrypted cookie, without a session or a query."""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from consultations.models import Inquiry
from consultations.queue.reply_times import ReplyTimes
from consultations.request_numbers import receipt_code
from gutskin import limits
from gutskin.encryption.cipher import EncryptionError, decrypt, encrypt
from gutskin.form_recovery import recover_form

# A cookie instead of a session: a session would be a row that contains the code, and the page must also work while the
# database is down (docs/decisions/0019). PLACE binds the ciphertext to this use: text from elsewhere does not decrypt.
PLACE = "cookie.receipt"


@dataclass(frozen=True)
class Receipt:
    reference: str
    code: str  # empty once the patient has hidden it, or its time is over
    reply_by: date
    usual_days: int | None  # recent median time to a first reply, in working days
    sent_at: datetime

    @property
    def seconds_left(self) -> int:
        """How long the code will still be shown, rounded up."""
        return int((self.sent_at + limits.RECEIPT_CODE_SHOWN_FOR - timezone.now()).total_seconds()) + 1


def redirect_to_receipt(inquiry: Inquiry, usual: ReplyTimes | None) -> HttpResponse:
    """Redirects to the page that shows the receipt; the cookie carries it there."""
    receipt = Receipt(
        reference=inquiry.reference,
        code=receipt_code(inquiry.idempotency_key),
        reply_by=timezone.localdate(inquiry.due_at),
        usual_days=usual.days if usual else None,
        sent_at=timezone.now(),
    )
    return _redirect_with(receipt)


def _csrf_failed(request):
    """Still shows the code; to hide it, the patient presses the button again."""
    return _page(request, _receipt_in(request), status=403)


@recover_form(csrf_failed=_csrf_failed)
@require_http_methods(["GET", "HEAD", "POST"])
def inquiry_received(request):
    """Shows the receipt. A POST says that the patient has kept the code, so it is not shown again."""
    receipt = _receipt_in(request)
    if request.method == "POST":
        return _redirect_with(_without_code(receipt)) if receipt else redirect("consultations:inquiry-received")
    return _page(request, receipt)


@require_safe
def receipt_file(request):
    """The reference and the code as a file to save, for as long as the page shows the code."""
    receipt = _receipt_in(request)
    if not receipt or not receipt.code:
        return redirect("consultations:inquiry-received")
    context = {"receipt": receipt, "site_url": settings.SITE_URL}
    text = render_to_string("consultations/receipt.txt", context)
    # The file name must reveal nothing to other people who use the same computer.
    headers = {"Content-Disposition": 'attachment; filename="code.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def _page(request, receipt, status=200):
    return render(request, "consultations/received.html", {"receipt": receipt}, status=status)


def _redirect_with(receipt):
    response = redirect("consultations:inquiry-received")
    values = [receipt.reference, receipt.code, str(receipt.reply_by), receipt.usual_days, receipt.sent_at.isoformat()]
    encrypted = encrypt(json.dumps(values), place=PLACE)
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
        reference, code, reply_by, usual_days, sent_at = json.loads(decrypt(encrypted, place=PLACE))
    except (EncryptionError, ValueError):
        return None
    receipt = Receipt(reference, code, parse_date(reply_by), usual_days, parse_datetime(sent_at))
    age = timezone.now() - receipt.sent_at
    if age >= limits.RECEIPT_SHOWN_FOR:
        return None
    return _without_code(receipt) if age >= limits.RECEIPT_CODE_SHOWN_FOR else receipt


def _without_code(receipt):
    return Receipt(receipt.reference, "", receipt.reply_by, receipt.usual_days, receipt.sent_at)


def _cookie():
    # __Host-: no sub-domain can set it. Browsers accept that prefix only over https.
    return "__Host-receipt" if settings.SESSION_COOKIE_SECURE else "receipt"
