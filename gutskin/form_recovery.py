"""Form recovery: what a user typed is handed back when a posted form could not be stored.

There are five ways for a form to be refused before its view can answer, and each is recovered here:

- the database does not answer: `gutskin.errors.service_unavailable` calls the view's `unavailable`;
- the CSRF token is too old: `gutskin.errors.csrf_failure` calls the view's `csrf_failed`;
- its texts are too large: `gutskin.large_forms` calls the view's `too_large`;
- a value contains NUL: `gutskin.middleware.RefuseNulBytesMiddleware` lets the form through if the view `accepts_nul`;
- the session of staff has ended: `gutskin.accounts.second_factor` answers with `session_ended_page`.

A view itself hands it back with `not_sent_page` if the user may no longer see what the form is about.

A view says what it does with the decorator `recover_form`. Pages that hand a form back must not show another site's
words as the user's own: their handlers ask gutskin.cross_site first.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.forms.utils import pretty_name
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from gutskin.cross_site import is_cross_site, is_same_origin
from gutskin.storable_text import without_unstorable

Handler = Callable[[HttpRequest], HttpResponse]
# From a request to the labels of the texts that its form may hold, by the names of their fields.
Labels = Callable[[HttpRequest], dict[str, str]]

# A shorter value of one word is a choice or a name, which is quickly entered again.
WORTH_KEEPING_CHARACTERS = 20
# Parts of the names of fields whose values no page repeats.
NEVER_SHOWN = ("password", "csrf", "code", "credential")
# Hidden fields of our forms: keys against sending twice and of drafts, what the user saw (the version, the status, who
# had the request), and where a login leads.
SEEN = ("seen", "seen_note", "had", "had_by", "version", "replaces_version")
NOT_TYPED = ("key", "form-key", *SEEN, "next", "draft-page", "draft-seen")


@dataclass(frozen=True)
class FormRecovery:
    """What a view does with a form that was refused. The decorator keeps it on the view as `form_recovery`."""

    unavailable: Handler | None = None
    csrf_failed: Handler | None = None
    too_large: Handler | None = None
    accepts_nul: bool = False
    takes_files: bool = False
    labels: Labels | None = None


def recover_form(
    *,
    unavailable: Handler | None = None,
    csrf_failed: Handler | None = None,
    too_large: Handler | None = None,
    accepts_nul: bool | None = None,
    takes_files: bool | None = None,
    labels: Labels | None = None,
):
    """Decorator for a view function. Arguments that are not given keep the value set by an inner `recover_form`.

    `unavailable(request)` answers while the database does not: it must not ask it. The status becomes 503.
    `csrf_failed(request)` answers a POST whose CSRF token was refused: it must not do what the form asks for.
    `too_large(request)` answers a POST with more text than we take: likewise. The status becomes 413.
    `accepts_nul`: the view's form takes NUL characters out and shows itself again (gutskin/storable_text.py); without
    it, such a POST is answered with 400.
    `takes_files`: the view sets its own upload handlers, so that no middleware may read the form before it.
    `labels(request)`: which fields hold texts, and how the page “You were logged out” names them.

    The attribute is in the view's `__dict__`, which `functools.wraps`, Django's own decorators and
    `AdminSite.admin_view` copy to their wrappers. So it does not matter in which order decorators are applied.
    """
    given = {
        "unavailable": unavailable,
        "csrf_failed": csrf_failed,
        "too_large": too_large,
        "accepts_nul": accepts_nul,
        "takes_files": takes_files,
        "labels": labels,
    }
    given = {name: value for name, value in given.items() if value is not None}

    def decorate(view):
        view.form_recovery = replace(recovery_of(view), **given)
        return view

    return decorate


def recovery_of(view) -> FormRecovery:
    """The FormRecovery of a view function; an empty one if it was not decorated."""
    return getattr(view, "form_recovery", None) or FormRecovery()


def recovery_for(request: HttpRequest) -> FormRecovery:
    """The same for the view at the address of this request. Middleware may have failed before a view was found."""
    try:
        return recovery_of(resolve(request.path_info).func)
    except Resolver404:
        return FormRecovery()


def not_sent_page(
    request: HttpRequest,
    problem: str,
    *,
    texts: dict[str, str],
    other_fields: list[str],
    status: int,
    link: str = "",
    link_text: str = "",
    offers_to_send: bool = True,
) -> HttpResponse:
    """A page for staff that hands a posted form back, with a button that sends it again if that may help.

    `problem` is a sentence that says what went wrong. `texts` gives the label of each field that comes back as a text
    area, and `other_fields` the names of those that come back hidden; nothing else of the POST is repeated. The page
    does not query the database, which may be what does not answer, and does not read the session, which may have
    ended.
    """
    posted = {name: [without_unstorable(value) for value in values] for name, values in request.POST.lists()}
    context = {
        "site_header": _lazy("GutSkin for staff"),
        "site_title": _lazy("GutSkin for staff"),
        "title": _lazy("Not sent yet"),
        "problem": problem,
        "action": request.path_info,
        "texts": [(name, label, posted[name][-1]) for name, label in texts.items() if any(posted.get(name, []))],
        "other_fields": [(name, value) for name in other_fields for value in posted.get(name, [])],
        "link": link,
        "link_text": link_text,
        # From another site, it was not our form: what it sent is shown, and nothing offers to send it.
        "is_ours": is_same_origin(request),
        "offers_to_send": offers_to_send,
        "csrf_token": get_token(request),
    }
    return HttpResponse(render_to_string("admin/form_not_sent.html", context), status=status)


def session_ended_page(request: HttpRequest) -> HttpResponse | None:
    """A 403 page with the texts of a POST, to copy; None if there are none, or if another site sent them.

    Nothing is stored or done, and no button offers to send the texts again.
    """
    typed = [(label, text) for label, text in _posted_texts(request) if _is_worth_keeping(text)]
    if not typed or is_cross_site(request):
        return None
    return render(request, "accounts/session_ended.html", {"typed": typed}, status=403)


def _posted_texts(request):
    # What a script sends in the background, such as the checks of an article, is still in its page.
    if request.method != "POST" or request.headers.get("Sec-Fetch-Dest") == "empty":
        return
    labels = recovery_for(request).labels or _labels_of_model_admin(request)
    known = labels(request) if labels else {name: _label(name) for name in request.POST if _may_be_typed(name)}
    for name, values in request.POST.lists():
        if name in known:
            yield from ((known[name], value) for value in values)


def _labels_of_model_admin(request):
    """For a form of Django admin: its fields have the labels of the model's; None for another view."""
    model_admin = getattr(resolve(request.path_info).func, "model_admin", None)
    if model_admin is None:
        return None
    models = [model_admin.model, *(inline.model for inline in model_admin.inlines)]
    fields = {field.name: field for model in reversed(models) for field in model._meta.get_fields() if field.concrete}

    def labels(request):
        # “care_cards-0-heading” is the field of an inline.
        found = {name: fields.get(name.rpartition("-")[2]) for name in request.POST if _may_be_typed(name)}
        return {name: capfirst(field.verbose_name) for name, field in found.items() if field and field.editable}

    return labels


def _label(name):
    return _("Your text") if name == "text" else pretty_name(name)


def _may_be_typed(name):
    return name not in NOT_TYPED and not any(word in name for word in NEVER_SHOWN)


def _is_worth_keeping(text):
    return len(text) >= WORTH_KEEPING_CHARACTERS or len(text.split()) > 1
