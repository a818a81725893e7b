"""The photos of a stored request. A script sends them one by one; without it they come with the message form.

Whichever button is pressed, the words that were typed come back, and photos that were chosen are stored.
"""

from django.shortcuts import redirect, render
from django.urls import reverse

from consultations.forms.photos import PhotoAnswer
from consultations.forms.status import MessageForm
from consultations.models import Inquiry
from consultations.photos.upload import takes_photos
from consultations.views.photos import (
    change_photos,
    is_script,
    photo_context,
    photo_csrf_failed,
    photo_fragment,
    photo_of_another,
    photo_unavailable,
    photo_visit_over,
    shown_photos,
)
from consultations.views.shown_request import is_for_another, other_request_page, signed_reference
from consultations.views.status import STATUS_PAGE, visit_page
from consultations.views.status_actions import message_unsent, visit_over
from consultations.views.visit_cookie import story_visit_in
from gutskin.errors import error_page
from gutskin.form_recovery import recover_form
from gutskin.http_methods import require_http_methods


def _unavailable(request):
    """Asks the database nothing."""
    if is_script(request):
        return photo_unavailable(request)
    return _unsent(request, problem="unavailable", status=503) or error_page("503.html", 503)


def _csrf_failed(request):
    if is_script(request):
        return photo_csrf_failed(request)
    return _unsent(request, problem="stale", status=403) or error_page("403_csrf.html", 403)


@recover_form(unavailable=_unavailable, csrf_failed=_csrf_failed)
@takes_photos
@require_http_methods(["GET", "HEAD", "POST"])
def status_photos(request):
    """The photos of the request that this visit opened: shows, adds and removes them."""
    visit = story_visit_in(request)
    if visit is None:
        return _no_visit(request)
    if is_for_another(request, visit.inquiry):
        return photo_of_another(request) if is_script(request) else other_request_page(request, visit)
    answer = PhotoAnswer()
    if request.method == "POST":
        try:
            answer = change_photos(request, visit.inquiry)
        except Inquiry.DoesNotExist:
            # The patient erased the request in another window a moment ago.
            return _no_visit(request)
    if not is_script(request) and _typed(request):
        return visit_page(
            request, visit, message_form=MessageForm(request.POST), problem="not_sent_yet", photo_answer=answer
        )
    if request.method == "POST" and not answer.problems and not is_script(request):
        return redirect(f"{reverse(STATUS_PAGE)}#photos")
    answer.photos = shown_photos(visit.inquiry)
    if is_script(request):
        return photo_fragment(request, answer)
    context = photo_context(visit.inquiry, answer) | {"visit": visit, "for_request": signed_reference(visit.inquiry)}
    return render(request, "consultations/photos/status_photos.html", context)


def _typed(request):
    return request.method == "POST" and MessageForm(request.POST).unsent_text.strip()


def _unsent(request, *, problem, status):
    return message_unsent(request, problem=problem, status=status) if _typed(request) else None


def _no_visit(request):
    if is_script(request):
        return photo_visit_over(request)
    return visit_over(request) if _typed(request) else redirect(STATUS_PAGE)
