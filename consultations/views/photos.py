"""Photos: those of the form, the pictures themselves, and the fragments of pages for the script that uploads them."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from consultations import actions
from consultations.forms.fields import parse_uuid
from consultations.forms.photos import PhotoAnswer, PhotoForm, photos_of, take_files
from consultations.models import Attachment, Status
from consultations.photos import image_response, preview_of
from consultations.photos.upload import FIELD as PHOTOS
from consultations.photos.upload import draft_answer, number_of_first, photo_to_remove, takes_photos
from consultations.views.shown_request import FIELD, is_for_another, other_request_page, signed_reference
from consultations.views.visit_cookie import story_visit_in
from gutskin import limits
from gutskin.encryption.cipher import EncryptionError
from gutskin.form_recovery import recover_form
from gutskin.http_methods import require_post, require_safe
from gutskin.proxy import client_address

STATUS_PAGE = "consultations:status-page"


def photo_unavailable(request):
    """For the script. Asks the database nothing."""
    text = _("Our system is busy, and the photo is not stored yet. Please wait half a minute and try again.")
    return _problem_fragment(request, text, status=503)


def photo_csrf_failed(request):
    text = _("This page was open for a long time, and the photo is not stored yet. Please load the page again.")
    return _problem_fragment(request, text, status=403)


@recover_form(unavailable=photo_unavailable, csrf_failed=photo_csrf_failed)
@takes_photos
@require_post(back="consultations:inquiry-create")
def draft_photo(request):
    """For the script: stores a photo for the form, or removes one, and answers with the list as an HTML fragment."""
    key = parse_uuid(request.POST.get("key", ""))
    if key is None:
        return _problem_fragment(request, _("This page is not complete. Please load it again."), status=400)
    return photo_fragment(request, draft_answer(request, key))


def is_script(request) -> bool:
    """Does the request come from our script, which wants the list only, not a page?"""
    return request.method == "POST" and "fragment" in request.POST


def change_photos(request, inquiry) -> PhotoAnswer:
    """Removes and adds photos of a stored request, as the form asks; raises Inquiry.DoesNotExist if it was erased."""
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


def photo_context(inquiry, answer=None, *, form_id=""):
    """The context of consultations/photos/_status.html. It decrypts no photo. `form_id`: the form of the input."""
    answer = answer or PhotoAnswer(shown_photos(inquiry))
    return {
        "field": PhotoForm(answer, form_id=form_id)["photos"],
        "takes_photos": inquiry.status not in (Status.WITHDRAWN, Status.SPAM),
    }


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


def photo_fragment(request, answer):
    response = render(request, "consultations/photos/_fragment.html", {"answer": answer})
    if answer.is_busy:
        # The script then offers to send the same photo again.
        response.status_code = 503
        response.headers["Retry-After"] = str(limits.RETRY_AFTER_SECONDS)
    return response


def _problem_fragment(request, problem, *, status, way=""):
    answer = PhotoAnswer(None, [problem], way=way)
    return render(request, "consultations/photos/_fragment.html", {"answer": answer}, status=status)


def photo_visit_over(request):
    text = _("Your visit is over, and the photo is not stored. Please enter your code again, then add it.")
    return _problem_fragment(request, text, status=403, way=reverse(STATUS_PAGE))


def photo_of_another(request):
    text = _(
        "Another request has been opened in this browser since this page was loaded, so nothing was changed. "
        "Please enter the code of this request again, then try once more."
    )
    return _problem_fragment(request, text, status=409, way=reverse(STATUS_PAGE))
