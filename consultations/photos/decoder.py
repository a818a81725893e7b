"""The program that decodes one photo: `python decoder.py LIMITS`, the file on standard input, the result on the output.

It runs by itself (consultations/photos/cleaning.py starts it), because whoever makes a picture decides what a decoder
does with memory and time, and decoders have bugs. So it imports nothing of ours and gets neither keys nor environment,
and the system stops it at the limits below.

It prints a line of JSON with the number of pixels, before they are decoded; then a line with the width and height of
the result, followed by a JPEG, or with the reason for which there is none.
"""

import contextlib
import gc
import io
import json
import os
import resource
import signal
import sys

# It ends after one photo, and collects no garbage: looking for some took a tenth of its time, most of it for imports.
gc.disable()

from PIL import Image  # noqa: E402  after gc.disable()
from PIL.JpegImagePlugin import JpegImageFile  # noqa: E402

# A JPEG can be decoded at a half, a quarter or an eighth of its size, which saves most of the time and memory. A little
# less than the long side of stored photos: cameras have sides of 4000 and 8160 pixels, whose half or quarter is enough.
ENOUGH = 2000
QUALITY = 85  # of JPEG: its artefacts are not visible at 200 %
LARGEST_PROFILE = 100_000  # bytes of a colour profile; those of cameras have a few thousand
# The web processes and the database go first. Not much lower: on a busy machine, honest photos would run out of time.
NICENESS = 5

ORIENTATION = 0x0112  # its number in EXIF
START_OF_SCAN, END_OF_IMAGE = b"\xff\xda", b"\xff\xd9"
# Bytes with which no picture continues. Without 0xff, which would begin a marker.
NOISE = bytes(range(1, 255)) * 16
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Refused(Exception):
    """Its text is the name of a class in consultations/photos/exceptions.py."""


class JpegInMemory(io.BytesIO):
    """By its name, Pillow knows the format. If it is told, it loads the code of five formats: a tenth of the time."""

    name = "photo.jpg"


def main():
    limits = json.loads(sys.argv[1])
    _limit_this_process(limits)
    try:
        photo = _reencoded(sys.stdin.buffer.read(), limits)
        jpeg = _as_jpeg(photo)
    except Refused as refusal:
        _print({"refused": str(refusal)})
    except MemoryError:
        _print({"refused": "TooDemanding"})
    except Image.DecompressionBombError:
        # Pillow reads a WebP file no further if its header claims this many.
        _print({"refused": "TooManyPixels"})
    except Exception:
        # Hostile files make decoders fail in more ways than a list of exceptions can name. Nothing of them is printed:
        # an error message can repeat what was in the file.
        _print({"refused": "Damaged"})
    else:
        _print({"width": photo.width, "height": photo.height})
        sys.stdout.buffer.write(jpeg)


def _limit_this_process(limits):
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would be a copy of the photo on the disk
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 1))
    # macOS has this limit, but refuses every value.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    # The process that started this one stops it too, unless it was killed itself.
    signal.alarm(limits["seconds"] + 1)


def _print(line):
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
    sys.stdout.buffer.flush()


def _reencoded(content, limits):
    """A new image with the pixels of the photo, and nothing else of it.

    Saving a decoded photo keeps its comments, and a list of metadata to delete misses what is not on the list. So every
    pixel is copied.
    """
    photo = _loaded(content, limits)
    turned, profile = UPRIGHT.get(_orientation(photo)), photo.info.get("icc_profile")
    canvas = _opaque(photo)
    canvas.thumbnail((limits["long_side"],) * 2, Image.Resampling.LANCZOS)
    if min(canvas.size) < limits["shortest_side"]:
        raise Refused("TooSmall")
    canvas = _in_srgb(canvas, profile)
    # Not `if turned`: FLIP_LEFT_RIGHT is 0.
    canvas = canvas if turned is None else canvas.transpose(turned)
    drawn = Image.new("RGB", canvas.size)
    drawn.paste(canvas)
    return drawn


def _loaded(content, limits):
    if limits["format"] == "JPEG" and content.count(START_OF_SCAN) > limits["most_scans"]:
        raise Refused("Damaged")
    photo = _opened(content, limits)
    _print({"pixels": photo.width * photo.height})
    try:
        return _decoded(photo, limits)
    except OSError:
        if limits["format"] != "JPEG":
            raise
    return _decoded_without_end(content, limits)


def _decoded_without_end(content, limits):
    """For a JPEG whose last two bytes are missing, as after some programs; its picture may be complete.

    Whatever follows a complete picture is skipped. In a picture that breaks off, it is decoded as the missing part, so
    that two different ends give two different pictures.
    """
    content = content.rstrip(b"\xff")
    ends = (END_OF_IMAGE, NOISE + END_OF_IMAGE)
    photo, other = (_decoded(_opened(content + end, limits), limits) for end in ends)
    if photo.tobytes() != other.tobytes():
        raise Refused("Damaged")
    return photo


def _opened(content, limits):
    # Not by Image.open(), which loads the code of five formats, and reads a JPEG that claims to hold several pictures
    # with the code of a sixth.
    photo = _class_for(limits["format"])(io.BytesIO(content))
    _check_size(photo, limits)
    return photo


def _class_for(format_):
    """Imported for a file of that format only, because that takes time: for HEIF, a third of the start."""
    if format_ == "JPEG":
        return JpegImageFile
    if format_ == "PNG":
        from PIL.PngImagePlugin import PngImageFile

        return PngImageFile
    if format_ == "WEBP":
        from PIL.WebPImagePlugin import WebPImageFile

        return WebPImageFile
    from pi_heif import HeifImageFile, register_heif_opener

    # The thumbnails, depth maps and masks in it are never decoded: less code that hostile files can reach.
    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    return HeifImageFile


def _decoded(photo, limits):
    smaller = min(1, ENOUGH / max(photo.size))
    photo.draft(None, tuple(max(1, int(side * smaller)) for side in photo.size))
    photo.load()
    # Again after decoding: the header of a HEIC file can claim fewer pixels than the file contains.
    _check_size(photo, limits)
    return photo


def _check_size(photo, limits):
    if photo.width * photo.height > limits["most_pixels"]:
        raise Refused("TooManyPixels")


def _orientation(photo):
    """How the camera was held, as in EXIF (1 to 8). The decoder has already turned a HEIC photo, and reports 1."""
    try:
        return photo.getexif().get(ORIENTATION, 1)
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
    from PIL import ImageCms

    try:
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        return ImageCms.profileToProfile(canvas, ImageCms.ImageCmsProfile(io.BytesIO(profile)), srgb)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return canvas


def _as_jpeg(photo):
    file = JpegInMemory()
    photo.save(file, quality=QUALITY)
    return file.getvalue()


if __name__ == "__main__":
    main()
    sys.stdout.buffer.flush()
    # Without tidying up the interpreter, which takes a tenth of the time.
    os._exit(os.EX_OK)
