"""The one file that the staff may send: a small export of a reference manager, kept in memory and never stored."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.views.decorators.csrf import csrf_exempt

from education.references.files import LARGEST_FILE


class SmallFileUploadHandler(FileUploadHandler):
    """Takes one file, of up to a megabyte. Of more it keeps nothing, and says so by `was_too_large`."""

    was_too_large = False
    has_one = False

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        # A new one first: of a file that is skipped, what `file` holds is closed.
        self.file = BytesIO()
        if self.has_one:
            # The form asks for one. A hundred of a megabyte each would be a hundred megabytes of memory.
            raise SkipFile
        self.has_one = True

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > LARGEST_FILE:
            self.was_too_large = True
            self.file = BytesIO()
            raise SkipFile
        self.file.write(raw_data)

    def file_complete(self, file_size):
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def with_small_files(view, *, may_send):
    """The view, with the handler set before anything reads the form.

    Everywhere else settings.FILE_UPLOAD_HANDLERS takes no file at all. The handler has to be chosen before the CSRF
    check reads the form; so the outer view is exempt, and `view`, as admin_view gives it, makes the check itself
    (docs.djangoproject.com/en/5.2/topics/http/file-uploads/#modifying-upload-handlers-on-the-fly).
    """

    @csrf_exempt
    def door(request):
        if may_send(request):
            request.upload_handlers = [SmallFileUploadHandler(request)]
        return view(request)

    # The middleware against NUL reads the form too; education.references.files refuses them with a sentence.
    door.refuses_nul_itself = True
    return door
