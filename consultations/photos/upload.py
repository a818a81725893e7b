"""The door for photos: held in memory, never on the disk, and never more than the page asks for."""

from functools import wraps
from io import BytesIO

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from gutskin import limits
from gutskin.form_recovery import recover_form

# One too many is told so by name; of all that come after it nothing is looked at.
MOST_FILES = limits.MOST_PHOTOS + 1


class PhotoUploadHandler(MemoryFileUploadHandler):
    """Of a file that is too large, or one of too many, it keeps the name and the size, so that the page can say which.

    The form around it is read to its end, and the other files are kept.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.count = 0

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > limits.LARGEST_PHOTO_FORM_BYTES:
            raise RequestDataTooBig
        # In memory, however large all of it is.
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
    """The view, with the handler set before anything reads the form.

    Everywhere else settings.FILE_UPLOAD_HANDLERS takes no file at all. The handler has to be chosen before the CSRF
    check reads the form; so the outer view is exempt, and the inner one makes the check
    (docs.djangoproject.com/en/5.2/topics/http/file-uploads/#modifying-upload-handlers-on-the-fly).
    The middleware against NUL reads the form too: the view has to refuse them itself.
    """
    checked = csrf_protect(view)

    @recover_form(accepts_nul=True)
    @csrf_exempt
    @wraps(view)
    def door(request, *args, **kwargs):
        if request.method == "POST":
            request.upload_handlers = [PhotoUploadHandler(request)]
        return checked(request, *args, **kwargs)

    return door
