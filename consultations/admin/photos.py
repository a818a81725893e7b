"""Photos at the desk: small ones on the page of a request, one large one at a time. Each that is shown is recorded."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.access import reads_story
from consultations.actions import record_photo_view
from consultations.forms.photos import photos_of
from consultations.models import Attachment, Inquiry
from consultations.photos import image_response, preview_of
from gutskin.encryption.cipher import EncryptionError

# How many pixels of the screen one of the photo takes; None: as many as there is room for.
ZOOMS = {"fit": None, "100": 1, "200": 2}


def photo_urls(model_admin):
    """For get_urls of the desk."""

    def view_of(view):
        @require_safe
        def photo_view(request, **kwargs):
            return view(model_admin, request, **kwargs)

        return model_admin.admin_site.admin_view(photo_view)

    here = "<int:pk>/photos/<uuid:public_id>/"
    return [
        path(here, view_of(viewer), name="consultations_inquiry_photo"),
        path(f"{here}large/", view_of(large_photo), name="consultations_inquiry_photo_large"),
        path(f"{here}small/", view_of(small_photo), name="consultations_inquiry_photo_small"),
    ]


def desk_photos(inquiry: Inquiry):
    """For the page of the request. It opens none: a picture is opened when a browser asks for it."""
    return photos_of(
        inquiry,
        small=lambda photo: _address("photo_small", inquiry, photo.public_id),
        large=lambda photo: _address("photo", inquiry, photo.public_id),
    )


def viewer(model_admin, request, pk, public_id):
    """One photo with zoom, and the ways to its neighbours. Without a script the zoom is a link."""
    inquiry, photo, number, ids = _photo(request, pk, public_id)
    zoom = request.GET.get("zoom") if request.GET.get("zoom") in ZOOMS else "fit"
    pixels = ZOOMS[zoom]
    context = model_admin.admin_site.each_context(request) | {
        "opts": model_admin.opts,
        "title": _("%(reference)s: photo %(number)d of %(count)d")
        % {"reference": inquiry, "number": number, "count": len(ids)},
        "inquiry": inquiry,
        "photo": photo,
        "number": number,
        "count": len(ids),
        "source": _address("photo_large", inquiry, public_id) if _opens(photo) else "",
        "zoom": zoom,
        "zooms": ZOOMS,
        "shown_width": photo.width * pixels if pixels else None,
        "shown_height": photo.height * pixels if pixels else None,
        "before": _address("photo", inquiry, ids[number - 2]) if number > 1 else "",
        "after": _address("photo", inquiry, ids[number]) if number < len(ids) else "",
    }
    return TemplateResponse(request, "admin/consultations/photos/viewer.html", context)


def large_photo(model_admin, request, pk, public_id):
    return _image(request, pk, public_id, lambda content: content)


def small_photo(model_admin, request, pk, public_id):
    return _image(request, pk, public_id, preview_of)


def _image(request, pk, public_id, drawn):
    inquiry, photo, number, _ids = _photo(request, pk, public_id)
    try:
        content = drawn(photo.content)
    except (EncryptionError, OSError):
        raise Http404 from None
    # What was not written down is not shown.
    record_photo_view(inquiry, number=number, by=request.user)
    return image_response(content)


def _photo(request, pk, public_id):
    """The request, the photo, its number among the request's photos, and the ids of them all."""
    if not request.user.has_perm("consultations.view_inquiry"):
        raise PermissionDenied
    # Longer than any number of a row, it would be an error of the database.
    if len(str(pk)) > 18:
        raise Http404
    inquiry = get_object_or_404(Inquiry.objects.visible_to(request.user), pk=pk)
    if not reads_story(request.user, inquiry):
        raise PermissionDenied
    photos = {photo.public_id: photo for photo in Attachment.objects.filter(inquiry=inquiry).without_content()}
    if public_id not in photos:
        raise Http404
    ids = list(photos)
    return inquiry, photos[public_id], ids.index(public_id) + 1, ids


def _opens(photo):
    try:
        return bool(photo.content)
    except EncryptionError:
        return False


def _address(name, inquiry, public_id):
    return reverse(f"admin:consultations_inquiry_{name}", args=[inquiry.pk, public_id])
