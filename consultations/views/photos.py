"""Photos on the form and on the status page. A script uploads them one by one; without it they come with the form."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from consultations import actions
from consultations.forms.fields import parse_uuid
from consultations.forms.photos import PhotoAnswer, PhotoForm, photos_of, take_files
from consultations.models import Attachment, Inquiry, Status
from consultations.photos import image_response, preview_of
from consultations.photos.upload import FIELD as PHOTOS
from consultations.photos.upload import draft_answer, number_of_first, photo_to_remove, takes_photos
from consultations.views.shown_request import FIELD, is_for_another, other_request_page, signed_reference
from consultations.views.visit_cookie import story_visit_in
from gutskin import limits
from gutskin.encryption.cipher import EncryptionError
from gutskin.errors import error_page
from gutskin.form_recovery import recover_form
from gutskin.http_methods import require_http_methods, require_post, require_safe
from gutskin.rate_limits import client_address

STATUS_PAGE = "consultations:status-page"


def _unavailable(request):
    """Asks the database nothing."""
    if request.path_info == reverse("consultations:status-photos") and not is_script(request):
        return error_page("503.html", 503)
    text = _("Our system is busy, and the photo is not stored yet. Please wait half a minute and try again.")
    return _problem_fragment(request, text, status=503)


def _csrf_failed(request):
    if request.path_info == reverse("consultations:status-photos") and not is_script(request):
        return error_page("403_csrf.html", 403)
    text = _("This page was open for a long time, and the photo is not stored yet. Please load the page again.")
    return _problem_fragment(request, text, status=403)


@recover_form(unavailable=_unavailable, csrf_failed=_csrf_failed)
@takes_photos
@require_post(back="consultations:inquiry-create")
def draft_photo(request):
    """For the script: stores a photo for the form, or removes one, and answers with the list as an HTML fragment."""
    key = parse_uuid(request.POST.get("key", ""))
    if key is None:
        return _problem_fragment(request, _("This page is not complete. Please load it again."), status=400)
    return _fragment(request, draft_answer(request, key))


@recover_form(unavailable=_unavailable, csrf_failed=_csrf_failed)
@takes_photos
@require_http_methods(["GET", "HEAD", "POST"])
def status_photos(request):
    """The photos of the request that this visit opened: shows, adds and removes them."""
    visit = story_visit_in(request)
    if visit is None:
        return _no_visit(request)
    if is_for_another(request, visit.inquiry):
        return _another_request(request) if is_script(request) else other_request_page(request, visit)
    answer = PhotoAnswer()
    if request.method == "POST":
        try:
            answer = _change(request, visit.inquiry)
        except Inquiry.DoesNotExist:
            # The patient erased the request in another window a moment ago.
            return _no_visit(request)
        if not answer.problems and not is_script(request):
            return redirect(f"{reverse(STATUS_PAGE)}#photos")
    answer.photos = shown_photos(visit.inquiry)
    if is_script(request):
        return _fragment(request, answer)
    context = photo_context(visit.inquiry, answer) | {"visit": visit, "for_request": signed_reference(visit.inquiry)}
    return render(request, "consultations/photos/status_photos.html", context)


def is_script(request) -> bool:
    """Does the request come from our script, which wants the list only, not a page?"""
    return request.method == "POST" and "fragment" in request.POST


def _change(request, inquiry):
    address, budget = client_address(request), actions.UploadBudget()
    try:
        if photo_id := photo_to_remove(request):
            actions.remove_photo(inquiry, photo_id)
    except actions.PhotoOnHold as refusal:
        return PhotoAnswer(problems=[str(refusal)])
    return take_files(
        request.FILES.getlist(PHOTOS),
        lambda content: actions.add_photo(inquiry, content, address=address, budget=budget),
        first=number_of_first(request),
    )


def shown_photos(inquiry):
    """For the status page, with addresses that work during a visit to this request only."""
    named = urlencode({FIELD: signed_reference(inquiry)})
    return photos_of(
        inquiry,
        small=lambda photo: reverse("consultations:status-photo-small", args=[photo.public_id]),
        large=lambda photo: reverse("consultations:status-photo", args=[photo.public_id]) + f"?{named}",
    )


def photo_context(inquiry, answer=None):
    """The context of consultations/photos/_status.html. It decrypts no photo."""
    answer = answer or PhotoAnswer(shown_photos(inquiry))
    return {"field": PhotoForm(answer)["photos"], "takes_photos": inquiry.status not in (Status.WITHDRAWN, Status.SPAM)}


@require_safe
def status_photo(request, public_id, small=False):
    """A photo, for the patient who sent it."""
    visit = story_visit_in(request)
    if visit and is_for_another(request, visit.inquiry):
        return other_request_page(request, visit)
    photo = Attachment.objects.filter(inquiry=visit.inquiry_id, public_id=public_id).first() if visit else None
    # 404 also for a photo of another request, so that an address does not reveal which photos exist.
    if photo is None:
        raise Http404
    try:
        content = preview_of(photo.content) if small else photo.content
    except (EncryptionError, OSError):
        raise Http404 from None
    return image_response(content)


def _fragment(request, answer):
    response = render(request, "consultations/photos/_fragment.html", {"answer": answer})
    if answer.is_busy:
        # The script then offers to send the same photo again.
        response.status_code = 503
        response.headers["Retry-After"] = str(limits.RETRY_AFTER_SECONDS)
    return response


def _problem_fragment(request, problem, *, status):
    return render(
        request, "consultations/photos/_fragment.html", {"answer": PhotoAnswer(None, [problem])}, status=status
    )


def _no_visit(request):
    return _visit_over(request) if is_script(request) else redirect(STATUS_PAGE)


def _visit_over(request):
    text = _("Your visit is over, and the photo is not stored. Please enter your code again, then add it.")
    return _problem_fragment(request, text, status=403)


def _another_request(request):
    text = _(
        "Another request has been opened in this browser since this page was loaded, so nothing was changed. "
        "Please enter the code of this request again, then try once more."
    )
    return _problem_fragment(request, text, status=409)
