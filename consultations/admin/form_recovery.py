"""How the page of a request hands back a form that could not be stored (see gutskin/form_recovery.py)."""

from django.utils.translation import gettext_lazy as _lazy

from consultations.admin.drafts import DRAFTED
from consultations.admin.forms import RequestPageForm
from gutskin.form_recovery import not_sent_page, recover_form

TEXT_FIELDS = {form.draft_fields[0] for form in DRAFTED.values()}


def texts_of(request):
    """By the name of a posted field: the label of a text that someone may have typed there.

    All texts of the page, since its buttons post what was typed into other forms, too.
    """
    labels = dict.fromkeys(sorted(TEXT_FIELDS), _lazy("Your text"))
    for step, form in DRAFTED.items():
        name = form.draft_fields[0]
        labels[f"{step}-{name}"] = form.base_fields[name].label
        if request.path_info.endswith(f"/{step}/"):
            labels[name] = form.base_fields[name].label
    return labels


def other_fields():
    """Every other field of the forms of the page. No page hands back a field that is not named in one of the two."""
    names = ["step", "draft-page", "draft-seen"]
    for form in RequestPageForm.__subclasses__():
        for field in form.base_fields.keys() - TEXT_FIELDS:
            names += sorted({field, f"{form.step}-{field}" if form.step else field})
    return names


UNAVAILABLE = _lazy("The database did not answer just now. Wait half a minute, then send it again from here.")
STALE = _lazy("The page was open for a long time, or you have since logged in again. Send it once more from here.")
TOO_LARGE = _lazy("The text is too long to be stored. Shorten it, then send it again from here.")
CLOSED = _lazy("Your reason to read this request has run out. Give it again in a new tab, then send this from here.")


def request_form_page(request, problem, *, status: int, link: str = "", link_text: str = ""):
    """The page that hands back a form of a request's page."""
    return not_sent_page(
        request,
        problem,
        texts=texts_of(request),
        other_fields=other_fields(),
        status=status,
        link=link,
        link_text=link_text,
    )


recovers_request_form = recover_form(
    unavailable=lambda request: request_form_page(request, UNAVAILABLE, status=503),
    csrf_failed=lambda request: request_form_page(request, STALE, status=403),
    labels=texts_of,
    too_large=lambda request: request_form_page(request, TOO_LARGE, status=413),
    accepts_nul=True,
)
