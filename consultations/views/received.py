"""After sending: reference and receipt code, from a sealed cookie. No session, no question to the database."""

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

PLACE = "cookie.receipt"


@dataclass(frozen=True)
class Receipt:
    reference: str
    code: str  # empty once it was kept, or its time is over
    reply_by: date
    usual_days: int | None  # the median first reply of late
    sent_at: datetime

    @property
    def seconds_left(self) -> int:
        """How long the code is still shown, rounded up."""
        return int((self.sent_at + limits.RECEIPT_CODE_SHOWN_FOR - timezone.now()).total_seconds()) + 1


def thank(inquiry: Inquiry, usual: ReplyTimes | None) -> HttpResponse:
    """On to the page that shows the receipt."""
    receipt = Receipt(
        reference=inquiry.reference,
        code=receipt_code(inquiry.idempotency_key),
        reply_by=timezone.localdate(inquiry.due_at),
        usual_days=usual.days if usual else None,
        sent_at=timezone.now(),
    )
    return _show(receipt)


def _csrf_failed(request):
    """The code is shown still; whoever wants to send it away presses the button again."""
    return _page(request, _receipt_in(request), status=403)


@recover_form(csrf_failed=_csrf_failed)
@require_http_methods(["GET", "HEAD", "POST"])
def inquiry_received(request):
    """A POST says that the code is kept: it is not shown again."""
    receipt = _receipt_in(request)
    if request.method == "POST":
        return _show(_without_code(receipt)) if receipt else redirect("consultations:inquiry-received")
    return _page(request, receipt)


@require_safe
def receipt_file(request):
    """The same as a file to save, for as long as the page shows it."""
    receipt = _receipt_in(request)
    if not receipt or not receipt.code:
        return redirect("consultations:inquiry-received")
    context = {"receipt": receipt, "site_url": settings.SITE_URL}
    text = render_to_string("consultations/receipt.txt", context)
    # The name of the file says nothing to whoever else uses this machine.
    headers = {"Content-Disposition": 'attachment; filename="code.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def _page(request, receipt, status=200):
    return render(request, "consultations/received.html", {"receipt": receipt}, status=status)


def _show(receipt):
    response = redirect("consultations:inquiry-received")
    told = [receipt.reference, receipt.code, str(receipt.reply_by), receipt.usual_days, receipt.sent_at.isoformat()]
    sealed = encrypt(json.dumps(told), place=PLACE)
    response.set_cookie(
        _cookie(),
        # Once more in base64, with letters that a cookie takes as they are.
        base64.urlsafe_b64encode(sealed.encode()).decode().rstrip("="),
        max_age=limits.RECEIPT_SHOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _receipt_in(request):
    """None without a cookie of ours, or when its time is over."""
    try:
        cookie = request.COOKIES.get(_cookie(), "").encode()
        sealed = base64.urlsafe_b64decode(cookie + b"=" * (-len(cookie) % 4)).decode()
        reference, code, reply_by, usual_days, sent_at = json.loads(decrypt(sealed, place=PLACE))
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
    # __Host-: no sub-domain can set it. Browsers take that name only over https.
    return "__Host-receipt" if settings.SESSION_COOKIE_SECURE else "receipt"
