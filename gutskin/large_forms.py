"""Forms that are larger than we take: read to their end, and answered with 413 by a page that keeps what fits.

A server that answers before it has read the form closes the connection while the browser is still sending. Then the
browser shows an error of its own, and what the user typed is lost.
"""

import contextlib
import time

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import RawPostDataException

from gutskin import limits
from gutskin.errors import error_page
from gutskin.form_recovery import recovery_for, recovery_of

CHUNK_BYTES = 64 * 1024


class NoFilesUploadHandler(FileUploadHandler):
    """For forms that take no file: what is sent is read, and not kept.

    With no handler at all, Django reads a multipart form in one piece and copies the rest of it for each field. A form
    of 12 MB with 900 fields took five seconds.
    """

    chunk_size = CHUNK_BYTES

    def new_file(self, *args, **kwargs):
        raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        """Never called, because `new_file` skips every file."""

    def file_complete(self, file_size):
        """Never called either."""


class DrainBodyMiddleware:
    """Reads what is left of a body, up to a limit. Comes first, so that it sees every answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.META.get("CONTENT_LENGTH"):
            _drain(request)
        return response


class RefuseLargeFormsMiddleware:
    """Answers with 413 before the view is called, if the texts of a form have more than LARGEST_FORM_BYTES.

    A view that chooses its own upload handlers asks `large_form_page` itself: the form must not be read before.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        return None if recovery_of(view).takes_files else large_form_page(request)


def large_form_page(request: HttpRequest) -> HttpResponse | None:
    """The page for a form that is too large; None for any other request.

    A view declares with `recover_form(too_large=...)` what its page shows. Django has already raised RequestDataTooBig
    if there is more than LARGEST_READ_FORM_BYTES.
    """
    # Most forms are smaller, and are not read for this.
    if request.method != "POST" or _content_length(request) <= limits.LARGEST_FORM_BYTES:
        return None
    texts = (text for name, values in request.POST.lists() for text in (name, *values))
    if sum(len(text.encode(errors="replace")) for text in texts) <= limits.LARGEST_FORM_BYTES:
        return None
    answer = recovery_for(request).too_large
    response = answer(request) if answer else too_large()
    response.status_code = 413
    return response


def too_large(*_args) -> HttpResponse:
    """The page when nothing of the body can be shown again."""
    return error_page("413.html", 413)


def shortened(posted: QueryDict) -> QueryDict:
    """A copy whose values have at most as many characters as the longest answer may have."""
    posted = posted.copy()
    for name, values in posted.lists():
        posted.setlist(name, [value[: limits.LONG_TEXT_CHARACTERS] for value in values])
    return posted


def _content_length(request):
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdecimal() else 0


def _drain(request):
    left, end = limits.LARGEST_DRAINED_BYTES, time.monotonic() + limits.DRAINED_SECONDS
    # A client that went away, or sent less than it announced, gets no answer anyway.
    with contextlib.suppress(OSError, ValueError, RawPostDataException, RequestDataTooBig):
        while left > 0 and time.monotonic() < end:
            chunk = request.read(CHUNK_BYTES)
            if not chunk:
                return
            left -= len(chunk)
