"""What a request brings for the question for photos: files to keep, one to take away."""

import uuid

from django.utils.functional import SimpleLazyObject

from consultations import actions
from consultations.forms.inquiry import parse_uuid
from consultations.forms.photos import PhotoAnswer, draft_photos, take_files
from gutskin.cross_site import is_cross_site
from gutskin.rate_limits import client_address

FIELD, REMOVE, ADD = "photos", "remove_photo", "add_photos"


def draft_answer(request, key: uuid.UUID) -> PhotoAnswer:
    """For a form that is not sent yet. Done before anything else of it is judged, so that no mistake loses a photo."""
    problems = []
    # Whoever has the key may; but no other website may use up what one address can send in an hour.
    if not is_cross_site(request):
        if removed := asked_to_remove(request):
            actions.remove_draft(removed, draft_key=key)
        address = client_address(request)
        problems = take_files(
            request.FILES.getlist(FIELD),
            lambda content: actions.keep_draft(content, draft_key=key, address=address),
            first=number_of_first(request),
        )
    # Looked up when they are shown: a request that is sent at once needs no pictures.
    kept = SimpleLazyObject(lambda: draft_photos(key))
    return PhotoAnswer(kept, problems, is_step=ADD in request.POST or REMOVE in request.POST)


def asked_to_remove(request) -> uuid.UUID | None:
    return parse_uuid(request.POST.get(REMOVE, ""))


def number_of_first(request) -> int:
    """The script sends photos one by one, and says the how-maniest each is."""
    number = request.POST.get("number", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else 1
