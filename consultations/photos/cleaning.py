"""A patient's photo, drawn anew: only its colours remain, and nothing else that was in the file.

Saving a photo again keeps comments, and deleting what one knows keeps what one does not know. So every pixel is drawn
into a new picture, and that is stored. The file as it came is kept nowhere.
"""

import io
import threading
from dataclasses import dataclass

from PIL import Image, ImageCms
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifImageFile, register_heif_opener

from consultations.photos import exceptions
from consultations.photos.kinds import describe_file_type
from gutskin import limits

# In pixels. Skin is judged on a screen, at 200 % a third of this fills it; more only makes pages and backups slow.
LONG_SIDE = 2048
QUALITY = 85  # of JPEG: its traces are not visible at 200 %
LARGEST_PROFILE = 100_000  # bytes of a colour profile; those of cameras have a few thousand

# The small pictures, depth maps and masks in a HEIC file are not even looked at.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
# The decoders that may see what strangers send. Which one is right is told by the content, never by the name.
FORMATS = [JpegImageFile.format, PngImageFile.format, WebPImageFile.format, HeifImageFile.format]
START_OF_SCAN = b"\xff\xda"
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# One at a time in each process: what a decoder takes of memory, it takes once.
_turn = threading.Lock()


@dataclass(frozen=True)
class CleanPhoto:
    """JPEG, upright, in sRGB, at most 2048 pixels on its long side, without any metadata."""

    content: bytes
    width: int
    height: int


def clean_photo(content: bytes) -> CleanPhoto:
    """Takes JPEG, PNG, WebP and HEIC as sent, up to 10 MB and 40 megapixels; raises PhotoRefused.

    Of a moving picture, the first one is taken.
    """
    if not content:
        raise exceptions.Empty
    if len(content) > limits.LARGEST_PHOTO_BYTES:
        raise exceptions.TooLarge
    if not _turn.acquire(timeout=limits.PHOTO_WAIT_SECONDS):
        raise exceptions.Busy
    try:
        return _drawn_anew(content)
    except exceptions.PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise exceptions.TooManyPixels from None
    except Exception:
        # Hostile files make decoders stumble in ways that no list of exceptions is long enough for. Nothing of what
        # they say is kept: it can repeat what was in the file.
        raise exceptions.Damaged from None
    finally:
        _turn.release()


def _drawn_anew(content):
    with _opened(content) as photo:
        _not_too_large(photo)
        if photo.format in ("JPEG", "MPO") and content.count(START_OF_SCAN) > limits.MOST_JPEG_SCANS:
            raise exceptions.Damaged
        # JPEG can be decoded at half or a quarter of its size, which spares most of the time and memory.
        smaller = min(1, LONG_SIDE / max(photo.size))
        photo.draft(None, (round(photo.width * smaller), round(photo.height * smaller)))
        photo.load()
        # The header of a HEIC file may have promised less than was in it.
        _not_too_large(photo)
        turned, profile = UPRIGHT.get(_orientation(photo)), photo.info.get("icc_profile")
        canvas = _opaque(photo)
    canvas.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    if min(canvas.size) < limits.SHORTEST_PHOTO_SIDE:
        raise exceptions.TooSmall
    canvas = _in_srgb(canvas, profile)
    # FLIP_LEFT_RIGHT is 0.
    return _as_jpeg(canvas if turned is None else canvas.transpose(turned))


def _opened(content):
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.UnidentifiedImageError:
        raise _what_it_is(content) from None


def _what_it_is(content):
    # What begins like a photo and was not opened is broken; the rest is something else.
    starts = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
    is_photo = content.startswith(starts) or content[8:12] == b"WEBP" or content[4:8] == b"ftyp"
    said = describe_file_type(content)
    return exceptions.Damaged() if is_photo and not said else exceptions.NotAPhoto(said)


def _not_too_large(photo):
    if photo.width * photo.height > limits.MOST_PHOTO_PIXELS:
        raise exceptions.TooManyPixels


def _orientation(photo):
    """How the camera was held. Of a HEIC file the decoder has turned it already, and tells 1."""
    try:
        return photo.getexif().get(Base.Orientation, 1)
    except Exception:
        # The picture is good, only what stands beside it is not: Pillow reads that from the file, and stumbles over
        # hostile ones in as many ways as above.
        return 1


def _opaque(photo):
    """In eight bits of red, green and blue. What is transparent becomes white, as it looks in most programs."""
    if photo.has_transparency_data:
        seen = photo if photo.mode == "RGBA" else photo.convert("RGBA")
        canvas = Image.new("RGB", seen.size, "white")
        canvas.paste(seen, mask=seen)
        return canvas
    if photo.mode.startswith("I") or photo.mode == "F":
        # Grey in 16 bits: simply converted, everything brighter than 255 would be white.
        return photo.point(lambda value: value / 256).convert("L").convert("RGB")
    return photo if photo.mode == "RGB" else photo.convert("RGB")


def _in_srgb(canvas, profile):
    """Phones use wider colours. Without their profile red skin would look paler than it is."""
    if not profile or len(profile) > LARGEST_PROFILE or profile[16:20] != b"RGB ":
        return canvas
    try:
        return ImageCms.profileToProfile(canvas, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _srgb())
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return canvas


def _srgb():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _as_jpeg(canvas):
    drawn = Image.new("RGB", canvas.size)
    drawn.paste(canvas)
    file = io.BytesIO()
    drawn.save(file, "JPEG", quality=QUALITY)
    return CleanPhoto(content=file.getvalue(), width=drawn.width, height=drawn.height)
