"""How the page of a request hands back a form that could not be stored (see gutskin/form_recovery.py)."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from consultations.admin.contact import StaffContactForm
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
    if request.path_info.endswith("/contact/"):
        labels["reason"] = StaffContactForm.base_fields["reason"].label
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
NOT_VISIBLE = _lazy(
    "This request is not, or no longer, one that you can open: it may have been handed on, or erased. Copy your text "
    "from here if you still need it."
)


def request_form_page(request, problem, *, status: int, **options):
    """The page that hands back a form of a request's page."""
    texts = texts_of(request)
    others = [name for name in other_fields() if name not in texts]
    return not_sent_page(request, problem, texts=texts, other_fields=others, status=status, **options)


def not_visible_page(request):
    """For a request that the user may not see, and in the same words for one that does not exist.

    Raises Http404 if nothing was typed.
    """
    typed = (request.POST.get(name, "") for name in texts_of(request))
    if not any(text.strip() for text in typed):
        raise Http404
    queue = reverse("admin:consultations_inquiry_changelist")
    link_text = _lazy("Open the queue (opens in a new tab)")
    return request_form_page(request, NOT_VISIBLE, status=404, link=queue, link_text=link_text, offers_to_send=False)


recovers_request_form = recover_form(
    unavailable=lambda request: request_form_page(request, UNAVAILABLE, status=503),
    csrf_failed=lambda request: request_form_page(request, STALE, status=403),
    labels=texts_of,
    too_large=lambda request: request_form_page(request, TOO_LARGE, status=413),
    accepts_nul=True,
)
