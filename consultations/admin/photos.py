"""Photos for staff: thumbnails on a request's page and a viewer for one at a time. Each photo shown is recorded."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from consultations.access import can_read_story
from consultations.actions import record_photo_view
from consultations.forms.photos import photos_of
from consultations.models import Attachment, Inquiry
from consultations.photos import image_response, preview_of
from gutskin.encryption.cipher import EncryptionError
from gutskin.http_methods import require_safe

# How many pixels of the screen one pixel of the photo takes; None fits the photo into the window.
ZOOMS = {"fit": None, "100": 1, "200": 2}


def photo_urls(model_admin):
    """For InquiryAdmin.get_urls."""

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


def photo_links(inquiry: Inquiry):
    """For the page of the request. Decrypts none: a photo is decrypted when the browser asks for it."""
    return photos_of(
        inquiry,
        small=lambda photo: _address("photo_small", inquiry, photo.public_id),
        large=lambda photo: _address("photo", inquiry, photo.public_id),
    )


def viewer(model_admin, request, pk, public_id):
    """Shows one photo with zoom and links to the previous and the next. Without JavaScript, each zoom is a link."""
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
        "source": _address("photo_large", inquiry, public_id) if _is_readable(photo) else "",
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


def _image(request, pk, public_id, render):
    inquiry, photo, number, _ids = _photo(request, pk, public_id)
    try:
        content = render(photo.content)
    except (EncryptionError, OSError):
        # OSError is what Pillow raises for an image that it cannot read.
        raise Http404 from None
    # Recorded before it is sent: a view that cannot be recorded does not happen.
    record_photo_view(inquiry, number=number, by=request.user)
    return image_response(content)


def _photo(request, pk, public_id):
    """Returns the request, the photo, its number among the request's photos, and the ids of all of them."""
    if not request.user.has_perm("consultations.view_inquiry"):
        raise PermissionDenied
    # A number longer than any primary key would be an error of the database.
    if len(str(pk)) > 18:
        raise Http404
    inquiry = get_object_or_404(Inquiry.objects.visible_to(request.user), pk=pk)
    if not can_read_story(request.user, inquiry):
        raise PermissionDenied
    # Without the encrypted content, which is fetched for the one photo that is shown.
    photos = {photo.public_id: photo for photo in Attachment.objects.filter(inquiry=inquiry).without_content()}
    if public_id not in photos:
        raise Http404
    ids = list(photos)
    return inquiry, photos[public_id], ids.index(public_id) + 1, ids


def _is_readable(photo):
    try:
        return bool(photo.content)
    except EncryptionError:
        return False


def _address(name, inquiry, public_id):
    return reverse(f"admin:consultations_inquiry_{name}", args=[inquiry.pk, public_id])
