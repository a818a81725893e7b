"""A text that could not be taken is handed back, whatever went wrong: nothing that somebody typed is lost.

These pages ask the database nothing, since it may be what does not answer, and know nobody, since the session may be
what has ended. They show only what the same browser has just sent.
"""

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _lazy

from consultations.forms.inquiry import UNSTORABLE

# The forms that carry a text, and what else they carry.
TEXTS = ["text", "note", "explanation"]
CARRIED = [
    "seen",
    "reason",
    "key",
    "to",
    "had_by",
    "outcome",
    "asks",
    "canned",
    "into",
    "confirmed",
    "reference",
    "step",
]

UNAVAILABLE = _lazy("The database did not answer just now. Wait half a minute, then send it again from here.")
STALE = _lazy("The page was open for a long time, or you have logged in again meanwhile. Send it once more from here.")
CLOSED = _lazy("Your reason to read this request has run out. Give it again in a new tab, then send this from here.")


def unsent(request, trouble, *, status: int, link: str = "", link_text: str = "") -> HttpResponse:
    """The page that hands a posted form back."""
    posted = {name: UNSTORABLE.sub("", value) for name, value in request.POST.items()}
    context = {
        "site_header": _lazy("GutSkin for staff"),
        "site_title": _lazy("GutSkin for staff"),
        "title": _lazy("Not sent yet"),
        "trouble": trouble,
        "action": request.path_info,
        "texts": [(name, posted[name]) for name in TEXTS if name in posted],
        "carried": [(name, posted[name]) for name in CARRIED if name in posted],
        "link": link,
        "link_text": link_text,
        # From another site, it was not our form: what it sent is shown, and nothing offers to send it.
        "is_ours": request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}",
        "csrf_token": get_token(request),
    }
    return HttpResponse(render_to_string("admin/consultations/inquiry/unsent.html", context), status=status)


def when_unavailable(request):
    return unsent(request, UNAVAILABLE, status=503)


def when_csrf_fails(request):
    return unsent(request, STALE, status=403)


def hands_back(step):
    """Marks a view whose texts come back (gutskin/errors.py, gutskin/middleware.py)."""
    step.when_unavailable = when_unavailable
    step.when_csrf_fails = when_csrf_fails
    step.refuses_nul_itself = True
    return step
