"""How photos are uploaded: the upload handler that bounds them, and the steps of the photo question on the form.

Uploads are held in memory and never written to disk, and never more of them than the page asks for.
"""

import uuid
from functools import wraps
from io import BytesIO

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.utils.functional import SimpleLazyObject
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from consultations import actions
from consultations.forms.inquiry import parse_uuid
from consultations.forms.photos import PhotoAnswer, draft_photos, take_files
from gutskin import limits
from gutskin.cross_site import is_cross_site
from gutskin.form_recovery import recover_form
from gutskin.large_forms import large_form_page
from gutskin.proxy import client_address

# The first file too many is still read, so that it can be refused by name. The rest are skipped.
MOST_FILES = limits.MOST_PHOTOS + 1
# Names of the form's field and of its two buttons.
FIELD, REMOVE, ADD = "photos", "remove_photo", "add_photos"


class PhotoUploadHandler(MemoryFileUploadHandler):
    """Keeps only the name and size of a file that is too large, or one too many, so that the page can name it.

    The rest of the form is read to its end, and the other files are kept.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.count = 0

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > limits.LARGEST_PHOTO_FORM_BYTES:
            raise RequestDataTooBig
        # Django would leave larger uploads to the next handler, which writes a temporary file. There is none here.
        self.activated = True

    def new_file(self, *args, **kwargs):
        self.count += 1
        self.is_kept = self.count <= MOST_FILES
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > limits.LARGEST_PHOTO_BYTES:
            self.file, self.is_kept = BytesIO(), False
        if self.is_kept:
            super().receive_data_chunk(raw_data, start)


def takes_photos(view):
    """Decorator for a view that takes photos: sets the upload handler before anything reads the form.

    Everywhere else settings.FILE_UPLOAD_HANDLERS accepts no file at all. The handler must be chosen before the CSRF
    check reads the form, so the outer view is exempt and the inner one makes the check
    (docs.djangoproject.com/en/5.2/topics/http/file-uploads/#modifying-upload-handlers-on-the-fly).
    The middleware against NUL characters reads the form too, so the view has to handle them itself.
    """
    checked = csrf_protect(view)

    @recover_form(accepts_nul=True, takes_files=True)
    @csrf_exempt
    @wraps(view)
    def with_upload_handler(request, *args, **kwargs):
        if request.method == "POST":
            request.upload_handlers = [PhotoUploadHandler(request)]
        return large_form_page(request) or checked(request, *args, **kwargs)

    return with_upload_handler


def draft_answer(request, key: uuid.UUID) -> PhotoAnswer:
    """Adds and removes photos of a form that has not been sent yet, as the request asks.

    Call it before the form is validated: a mistake in another answer must not lose a photo.
    """
    answer = PhotoAnswer()
    # The key is the permission. But another website must not use up the uploads that one address has in an hour.
    if not is_cross_site(request):
        if photo_id := photo_to_remove(request):
            actions.remove_draft(photo_id, draft_key=key)
        address, budget = client_address(request), actions.UploadBudget()
        answer = take_files(
            request.FILES.getlist(FIELD),
            lambda content: actions.add_draft(content, draft_key=key, address=address, budget=budget),
            first=number_of_first(request),
        )
    # Lazy: a form that is sent at once shows no previews, and each has to be decrypted and drawn.
    answer.photos = SimpleLazyObject(lambda: draft_photos(key))
    answer.is_step = ADD in request.POST or REMOVE in request.POST
    return answer


def photo_to_remove(request) -> uuid.UUID | None:
    return parse_uuid(request.POST.get(REMOVE, ""))


def number_of_first(request) -> int:
    """The script sends photos one at a time, each with its number, for messages such as "File 3, “arm.jpg”: …"."""
    # A longer number is not from our script, and int() of thousands of digits raises ValueError.
    number = request.POST.get("number", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else 1
