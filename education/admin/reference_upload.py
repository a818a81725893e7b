"""The only file that staff may upload: a small export from a reference manager, kept in memory and never stored."""

from io import BytesIO

from django.core.files.uploadhandler import MemoryFileUploadHandler, SkipFile
from django.views.decorators.csrf import csrf_exempt

from gutskin import limits
from gutskin.form_recovery import recover_form


class SmallFileUploadHandler(MemoryFileUploadHandler):
    """Takes one file of up to LARGEST_FILE bytes. It keeps nothing of a larger one, and sets `was_too_large`."""

    was_too_large = False
    has_one = False

    def handle_raw_input(self, *args, **kwargs):
        self.activated = True

    def new_file(self, *args, **kwargs):
        if self.has_one:
            # The form asks for one file. A hundred of them, each small enough, would fill a hundred megabytes.
            # Django closes `file` when a file is skipped: an empty one here, not the one that was kept.
            self.file = BytesIO()
            raise SkipFile
        self.has_one = True
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > limits.LARGEST_REFERENCE_FILE_BYTES:
            self.was_too_large = True
            self.file = BytesIO()
            raise SkipFile
        super().receive_data_chunk(raw_data, start)


def with_small_files(view, *, may_send):
    """The view, with our upload handler set before anything reads the form. `may_send` is asked about the request.

    Everywhere else settings.FILE_UPLOAD_HANDLERS takes no file at all. The handler must be chosen before the CSRF
    check reads the form, so the outer view is exempt, and `view`, wrapped by admin_view, makes the check itself
    (docs.djangoproject.com/en/5.2/topics/http/file-uploads/#modifying-upload-handlers-on-the-fly).
    """

    # The middleware against NUL reads the form too; education.references.files refuses them with a sentence.
    @recover_form(accepts_nul=True, takes_files=True)
    @csrf_exempt
    def with_upload_handler(request):
        if may_send(request):
            request.upload_handlers = [SmallFileUploadHandler(request)]
        return view(request)

    return with_upload_handler
