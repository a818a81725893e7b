"""How the page of a request hands back a form that could not be stored (see gutskin/form_recovery.py)."""

from django.utils.translation import gettext_lazy as _lazy

from gutskin.form_recovery import not_sent_page, recover_form

# The fields that hold a text, and the others. A page hands back no field that is not named here.
TEXTS = ["text", "note", "explanation"]
OTHER_FIELDS = [
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
STALE = _lazy("The page was open for a long time, or you have since logged in again. Send it once more from here.")
TOO_LARGE = _lazy("The text is too long to be stored. Shorten it, then send it again from here.")
CLOSED = _lazy("Your reason to read this request has run out. Give it again in a new tab, then send this from here.")


def request_form_page(request, problem, *, status: int, link: str = "", link_text: str = ""):
    """The page that hands back a form of a request's page."""
    return not_sent_page(
        request, problem, texts=TEXTS, other_fields=OTHER_FIELDS, status=status, link=link, link_text=link_text
    )


recovers_request_form = recover_form(
    unavailable=lambda request: request_form_page(request, UNAVAILABLE, status=503),
    csrf_failed=lambda request: request_form_page(request, STALE, status=403),
    too_large=lambda request: request_form_page(request, TOO_LARGE, status=413),
    accepts_nul=True,
)
