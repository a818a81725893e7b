"""What a file is that is no photo, told by its first bytes, so that its sender hears more than "no"."""

import re

from django.utils.translation import gettext_lazy as _lazy

START = 1024

GIF = _lazy("This is a GIF. Please send a photo as JPEG, PNG, WebP or HEIC.")
PDF = _lazy("This is a PDF document. Please send the photo itself, as JPEG, PNG, WebP or HEIC.")
DRAWING = _lazy("This is a drawing (SVG), not a photo. Please send a photo as JPEG, PNG, WebP or HEIC.")
PAGE = _lazy("This is a web page, not a photo. Please send the photo itself.")
ARCHIVE = _lazy("This is an archive or an office document. Please take the photos out and send them one by one.")
FILM = _lazy("This is a film. Please send a still photo.")
RAW = _lazy("This is a TIFF or a raw camera file. Please save the photo as JPEG and send that.")
OTHER_PICTURE = _lazy("We cannot open pictures of this kind. Please send a photo as JPEG, PNG, WebP or HEIC.")

# Sentence by what a file begins with; the first that fits is told.
SIGNS = [
    (re.compile(rb"GIF8[79]a"), GIF),
    (re.compile(rb"\s*%PDF-"), PDF),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml.{0,500}?)?(?:<!--.*?-->\s*)?(?:<!DOCTYPE svg|<svg)", re.S | re.I),
        DRAWING,
    ),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!DOCTYPE html|html|head|body|script)", re.S | re.I), PAGE),
    (re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!|7z\xbc\xaf|\x1f\x8b|\xd0\xcf\x11\xe0"), ARCHIVE),
    (re.compile(rb".{4}ftyp(?:avif|avis)", re.S), OTHER_PICTURE),
    (re.compile(rb".{4}ftyp(?!hei|hev|mif1|msf1)|\x1aE\xdf\xa3|RIFF.{4}AVI ", re.S), FILM),
    (re.compile(rb"II\*\0|MM\0\*"), RAW),
    (re.compile(rb"BM|8BPS|\xff\x0a|\0\0\0\x0cJXL |\0\0\0\x0cjP"), OTHER_PICTURE),
]


def describe_file_type(content: bytes):
    """A sentence about what the file seems to be, or None."""
    start = content[:START]
    return next((sentence for sign, sentence in SIGNS if sign.match(start)), None)
