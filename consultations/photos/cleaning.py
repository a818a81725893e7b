"""Re-encodes a patient's photo, so that only its pixels remain: no EXIF data, location, comment or hidden file.

The file that was uploaded is never stored. It is decoded in a process of its own (consultations/photos/decoder.py),
with limits of memory and time, and at most `limits.PHOTOS_AT_ONCE` of these run on a machine: a small file can take
hundreds of megabytes and seconds to decode, and a decoder that crashes must not take the site with it.
"""

import contextlib
import fcntl
import json
import logging
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from consultations.photos import exceptions
from consultations.photos.display import LONG_SIDE
from gutskin import limits

logger = logging.getLogger(__name__)

DECODER = Path(__file__).with_name("decoder.py")
# Isolated (-I): neither the environment nor the working directory decides what is imported. -B: it writes no file.
PROGRAM = [sys.executable, "-I", "-B", str(DECODER)]
# Bytes of its answer. Four million pixels that nothing compresses have about 5 MB at this quality.
LONGEST_ANSWER = 10_000_000
LONGEST_LINE = 200
# By these signals the system stops a process that takes too much: memory, processor time, time.
STOPPED = {-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGALRM}


@dataclass(frozen=True)
class CleanPhoto:
    """JPEG, upright, in sRGB, at most 2048 pixels on its long side, without any metadata.

    `pixels` is the number of pixels that were decoded for it.
    """

    content: bytes
    width: int
    height: int
    pixels: int


@contextlib.contextmanager
def decoder_slot():
    """One of the places for decoders on this machine, to be passed to `clean_photo`. Raises Busy if all are taken.

    It does not wait: a thread that waits answers no one else. A place is a lock on a file, which the decoder inherits,
    so it is free again when both are done with it, however they ended.
    """
    settings.PHOTO_LOCKS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(limits.PHOTOS_AT_ONCE):
        # Opened again each time: threads that shared an open file would share its lock.
        with (settings.PHOTO_LOCKS_DIR / f"decoder-{number}.lock").open("wb") as slot:
            try:
                fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield slot
            return
    raise exceptions.Busy


def clean_photo(content: bytes, slot) -> CleanPhoto:
    """Re-encodes an uploaded JPEG, PNG, WebP or HEIC file. An animation gives its first frame.

    `slot` is what `decoder_slot` gives. Raises a subclass of PhotoRefused, whose `pixels` says how many were decoded
    all the same.
    """
    format_, most_pixels = _format_of(content)
    try:
        returncode, answer = _ask_decoder(slot, format_, most_pixels, content)
    except OSError as error:
        # The machine has no memory or no process to spare.
        logger.error("The decoder of photos could not be started: %s.", type(error).__name__)
        raise exceptions.Busy from None
    *lines, rest = answer.split(b"\n", 2)
    told = {}
    for line in lines:
        told |= _parsed(line)
    if len(lines) == 2 and _is_photo(told, most_pixels, rest):
        return CleanPhoto(rest, told["width"], told["height"], told["pixels"])
    if "refused" not in told:
        logger.warning("A photo was not decoded: the process ended with %d.", returncode)
        # A client that makes the decoder end before it says what it found pays for the most that there can be.
        told = {"pixels": most_pixels, "refused": "TooDemanding" if returncode in STOPPED else "Damaged"} | told
    raise _refusal(told["refused"], most_pixels, pixels=told.get("pixels", 0))


def _format_of(content):
    """The name of the file's format for Pillow, and the most pixels that it may have.

    Raises PhotoRefused for any other file. Looks at the size and at the first bytes only: the file's name and what the
    browser says prove nothing.
    """
    if not content:
        raise exceptions.Empty
    if len(content) > limits.LARGEST_PHOTO_BYTES:
        raise exceptions.TooLarge
    # "This is a PDF document" helps a patient more than "not a photo".
    if description := exceptions.describe_file_type(content):
        raise exceptions.NotAPhoto(description)
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG", limits.MOST_JPEG_PIXELS
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG", limits.MOST_PNG_PIXELS
    if content[8:12] == b"WEBP":
        return "WEBP", limits.MOST_WEBP_PIXELS
    if content[4:8] == b"ftyp":
        return "HEIF", limits.MOST_HEIC_PIXELS
    raise exceptions.NotAPhoto


def _ask_decoder(slot, format_, most_pixels, content):
    """Returns how the process ended, and what it printed. It has ended in any case."""
    described = {
        "format": format_,
        "most_pixels": most_pixels,
        "long_side": LONG_SIDE,
        "shortest_side": limits.SHORTEST_PHOTO_SIDE,
        "most_scans": limits.MOST_JPEG_SCANS,
        "memory": limits.PHOTO_MEMORY_BYTES,
        "cpu_seconds": limits.PHOTO_CPU_SECONDS,
        "seconds": limits.PHOTO_SECONDS,
    }
    with subprocess.Popen(  # noqa: S603  our own program
        [*PROGRAM, json.dumps(described)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # An error message of a decoder can repeat what was in the file: it belongs in no log.
        stderr=subprocess.DEVNULL,
        env={},
        pass_fds=[slot.fileno()],
    ) as process:
        timer = threading.Timer(limits.PHOTO_SECONDS, process.kill)
        timer.start()
        try:
            # A decoder that ends early leaves the rest of the file unread.
            with contextlib.suppress(BrokenPipeError), process.stdin:
                process.stdin.write(content)
            # Not communicate(): a decoder that was taken over could print without end.
            answer = process.stdout.read(LONGEST_ANSWER)
            process.stdout.close()
            process.wait()
        finally:
            timer.cancel()
            process.kill()
    return process.returncode, answer


def _parsed(line):
    try:
        told = json.loads(line[:LONGEST_LINE])
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _is_photo(told, most_pixels, content):
    """The decoder has read a file from a stranger: its answer is not believed before it was looked at."""
    largest = {"width": LONG_SIDE, "height": LONG_SIDE, "pixels": most_pixels}
    is_jpeg = content.startswith(b"\xff\xd8\xff") and content.endswith(b"\xff\xd9")
    return is_jpeg and all(_is_number(told.get(name), at_most) for name, at_most in largest.items())


def _is_number(value, at_most):
    return type(value) is int and 0 < value <= at_most


def _refusal(name, most_pixels, *, pixels):
    if name == "TooManyPixels":
        refusal = exceptions.TooManyPixels(most_pixels)
    else:
        refusal = {"TooSmall": exceptions.TooSmall, "TooDemanding": exceptions.TooDemanding}.get(
            str(name), exceptions.Damaged
        )()
    refusal.pixels = pixels if pixels == 0 or _is_number(pixels, most_pixels) else most_pixels
    return refusal
