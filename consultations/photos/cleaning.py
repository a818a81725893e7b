"""Re-encodes a patient's photo, so that only its pixels remain: no EXIF data, location, comment or hidden file.

Saving a decoded photo keeps its comments, and a list of metadata to delete misses what is not on the list. So every
pixel is copied into a new image, and only that is stored. The file that was uploaded is never stored.
"""

import contextlib
import io
import threading
from dataclasses import dataclass

from pi_heif import HeifImageFile, register_heif_opener
from PIL import Image, ImageCms, ImageFile
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from consultations.photos import exceptions
from gutskin import limits

# In pixels. Skin is judged on a screen, and at 200 % a third of this fills it. More would only make pages and backups
# slow.
LONG_SIDE = 2048
QUALITY = 85  # of JPEG: its artefacts are not visible at 200 %
LARGEST_PROFILE = 100_000  # bytes of a colour profile; those of cameras have a few thousand

# The thumbnails, depth maps and masks in a HEIC file are never decoded: less code that hostile files can reach.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
# The only decoders that uploads may reach. Pillow picks one by the file's content, never by its name.
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
# One photo at a time in each process, so that the memory of one decoder is the most that photos can take.
_decoder_lock = threading.Lock()


@dataclass(frozen=True)
class CleanPhoto:
    """JPEG, upright, in sRGB, at most 2048 pixels on its long side, without any metadata."""

    content: bytes
    width: int
    height: int


def clean_photo(content: bytes) -> CleanPhoto:
    """Re-encodes an uploaded JPEG, PNG, WebP or HEIC file of up to 10 MB and 40 megapixels.

    Raises a subclass of PhotoRefused for anything else. An animation gives its first frame.
    """
    if not content:
        raise exceptions.Empty
    if len(content) > limits.LARGEST_PHOTO_BYTES:
        raise exceptions.TooLarge
    if not _decoder_lock.acquire(timeout=limits.PHOTO_WAIT_SECONDS):
        raise exceptions.Busy
    try:
        with _truncated_images_refused():
            return _reencoded(content)
    except exceptions.PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise exceptions.TooManyPixels from None
    except Exception:
        # Hostile files make decoders fail in more ways than a list of exceptions can name. `from None`, and nothing is
        # logged: an error message can repeat what was in the file.
        raise exceptions.Damaged from None
    finally:
        _decoder_lock.release()


def _reencoded(content):
    with _opened(content) as photo:
        _check_size(photo)
        if photo.format in ("JPEG", "MPO") and content.count(START_OF_SCAN) > limits.MOST_JPEG_SCANS:
            raise exceptions.Damaged
        # A JPEG can be decoded at a half or a quarter of its size, which saves most of the time and memory.
        smaller = min(1, LONG_SIDE / max(photo.size))
        photo.draft(None, (round(photo.width * smaller), round(photo.height * smaller)))
        photo.load()
        # Again after decoding: the header of a HEIC file can claim fewer pixels than the file contains.
        _check_size(photo)
        turned, profile = UPRIGHT.get(_orientation(photo)), photo.info.get("icc_profile")
        canvas = _opaque(photo)
    canvas.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    if min(canvas.size) < limits.SHORTEST_PHOTO_SIDE:
        raise exceptions.TooSmall
    canvas = _in_srgb(canvas, profile)
    # Not `if turned`: FLIP_LEFT_RIGHT is 0.
    return _as_jpeg(canvas if turned is None else canvas.transpose(turned))


@contextlib.contextmanager
def _truncated_images_refused():
    """Pillow has one setting for the whole process, and importing WeasyPrint makes it accept half a picture."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _opened(content):
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.UnidentifiedImageError:
        raise _refusal(content) from None


def _refusal(content):
    # A file that starts like a photo but cannot be opened is damaged; anything else is another type of file.
    starts = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
    is_photo = content.startswith(starts) or content[8:12] == b"WEBP" or content[4:8] == b"ftyp"
    description = exceptions.describe_file_type(content)
    return exceptions.Damaged() if is_photo and not description else exceptions.NotAPhoto(description)


def _check_size(photo):
    if photo.width * photo.height > limits.MOST_PHOTO_PIXELS:
        raise exceptions.TooManyPixels


def _orientation(photo):
    """How the camera was held, as in EXIF (1 to 8). The decoder has already turned a HEIC photo, and reports 1."""
    try:
        return photo.getexif().get(Base.Orientation, 1)
    except Exception:
        # The pixels are fine, only the metadata is not. Pillow parses it from the file, so hostile files can make that
        # fail in as many ways as decoding.
        return 1


def _opaque(photo):
    """Converts to 8-bit RGB. Transparent parts become white, as most programs show them."""
    if photo.has_transparency_data:
        seen = photo if photo.mode == "RGBA" else photo.convert("RGBA")
        canvas = Image.new("RGB", seen.size, "white")
        canvas.paste(seen, mask=seen)
        return canvas
    if photo.mode.startswith("I") or photo.mode == "F":
        # Greyscale of 16 bits: a plain convert() would turn everything brighter than 255 white.
        return photo.point(lambda value: value / 256).convert("L").convert("RGB")
    return photo if photo.mode == "RGB" else photo.convert("RGB")


def _in_srgb(canvas, profile):
    """Converts to sRGB. Phones use a wider colour space: read without its profile, red skin looks paler than it is."""
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
