"""Why a photo is refused, as a sentence for the person who sent it, and what kind of file they sent instead."""

import re

from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from gutskin import limits


class PhotoRefused(Exception):
    """Base class. `str(error)` is the sentence, in the language of the page.

    `pixels`: how many were decoded before the file was refused.
    """

    pixels = 0


class Empty(PhotoRefused):
    def __init__(self):
        super().__init__(_("The file is empty. Please choose the photo again."))


class TooLarge(PhotoRefused):
    def __init__(self):
        super().__init__(
            _("The file is larger than %(limit)d MB. Please send a smaller copy of the photo.")
            % {"limit": limits.LARGEST_PHOTO_BYTES // 10**6}
        )


class TooManyPixels(PhotoRefused):
    def __init__(self, most_pixels):
        super().__init__(
            _("The photo has more than %(limit)d megapixels. Please send it in a smaller size.")
            % {"limit": most_pixels // 10**6}
        )


class TooDemanding(PhotoRefused):
    """It took more memory or time than one photo may take."""

    def __init__(self):
        super().__init__(
            _("This photo takes too long to open. Please send it as a JPEG or in a smaller size, or take a new one.")
        )


class TooSmall(PhotoRefused):
    def __init__(self):
        super().__init__(_("The picture is too small or too narrow to show anything. Please send a larger one."))


class NotAPhoto(PhotoRefused):
    """A file of another type; `what` is the sentence from `describe_file_type`."""

    def __init__(self, what=None):
        super().__init__(
            what or _("We cannot open this file as a photo. Please send a photo as JPEG, PNG, WebP or HEIC.")
        )


class Damaged(PhotoRefused):
    def __init__(self):
        super().__init__(
            _("The photo is damaged or incomplete, so we cannot open it. Please choose it again, or take a new one.")
        )


class Busy(PhotoRefused):
    def __init__(self):
        super().__init__(_("We are receiving many photos at the moment. Please send this one again in a minute."))


class TooManyPhotos(PhotoRefused):
    def __init__(self):
        super().__init__(
            _("You can send %(limit)d photos with one request. To send this one, remove another one first.")
            % {"limit": limits.MOST_PHOTOS}
        )


class TooMuchAtOnce(PhotoRefused):
    """The photos of one form took all the pixels and all the time that a form may take."""

    def __init__(self):
        super().__init__(_("This photo was too much together with the others. Please choose it again and add it now."))


class TooManyUploads(PhotoRefused):
    def __init__(self, again_at):
        super().__init__(
            _(
                "We received many photos from your internet connection in the last hour. You can send this one after "
                "%(time)s. You can also send your request without it."
            )
            % {"time": time_format(localtime(again_at), "H:i")}
        )
        self.again_at = again_at


# How many bytes are looked at: a file signature is at the very beginning.
SIGNATURE_BYTES = 1024

GIF = _lazy("This is a GIF. Please send a photo as JPEG, PNG, WebP or HEIC.")
PDF = _lazy("This is a PDF document. Please send the photo itself, as JPEG, PNG, WebP or HEIC.")
DRAWING = _lazy("This is a drawing (SVG), not a photo. Please send a photo as JPEG, PNG, WebP or HEIC.")
PAGE = _lazy("This is a web page, not a photo. Please send the photo itself.")
ARCHIVE = _lazy("This is an archive or an office document. Please take the photos out and send them one by one.")
VIDEO = _lazy("This is a video. Please send a still photo.")
RAW = _lazy("This is a TIFF or a raw camera file. Please save the photo as JPEG and send that.")
OTHER_PICTURE = _lazy("We cannot open pictures of this type. Please send a photo as JPEG, PNG, WebP or HEIC.")

# File signatures and the sentence for each; the first match is used.
SIGNATURES = [
    (re.compile(rb"GIF8[79]a"), GIF),
    (re.compile(rb"\s*%PDF-"), PDF),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml.{0,500}?)?(?:<!--.*?-->\s*)?(?:<!DOCTYPE svg|<svg)", re.S | re.I),
        DRAWING,
    ),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!DOCTYPE html|html|head|body|script)", re.S | re.I), PAGE),
    (re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!|7z\xbc\xaf|\x1f\x8b|\xd0\xcf\x11\xe0"), ARCHIVE),
    (re.compile(rb".{4}ftyp(?:avif|avis)", re.S), OTHER_PICTURE),
    (re.compile(rb".{4}ftyp(?!hei|hev|mif1|msf1)|\x1aE\xdf\xa3|RIFF.{4}AVI ", re.S), VIDEO),
    (re.compile(rb"II\*\0|MM\0\*"), RAW),
    (re.compile(rb"BM|8BPS|\xff\x0a|\0\0\0\x0cJXL |\0\0\0\x0cjP"), OTHER_PICTURE),
]


def describe_file_type(content: bytes):
    """A sentence that names the file type, from the file's first bytes; None for a type that we do not know.

    "This is a PDF document" helps a patient more than "not a photo". The file name proves nothing, so it is not used.
    """
    start = content[:SIGNATURE_BYTES]
    return next((sentence for signature, sentence in SIGNATURES if signature.match(start)), None)
