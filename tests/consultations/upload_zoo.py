"""Files that patients and attackers upload as photos, each with the expected result. They are made on the spot.

`GOOD` files are accepted and re-encoded, `REFUSED` ones get a sentence. Nothing from `SECRETS` may remain.
"""

import io
import lzma
import struct
import zipfile
import zlib
from functools import cache
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

# Made once with an encoder, which the project's requirements do not include: `a_picture()` with `exif()`.
A_HEIC = (Path(__file__).parent / "phone.heic").read_bytes()
# `a_picture((8192, 6144))` as a camera saves it and as some programs do: saved with {}, with {"progressive": True}, and
# with {"progressive": True, "subsampling": 0}. Also made once, because saving them takes two seconds.
FIFTY_MEGAPIXELS = sorted((Path(__file__).parent / "fifty_megapixels").glob("*.jpg.xz"))
SKIN, SPOT = (224, 172, 150), (160, 60, 50)
# What cameras and attackers hide in files.
SECRETS = [b"51.5074", b"Amina's iPhone", b"<script>alert(1)</script>", b"hidden.txt", b"%PDF-1.7", b"GPS", b"Exif"]
JPEG_COMMENT = b"<script>alert(1)</script>"


def a_picture(size=(640, 480), mode="RGB"):
    """Skin with a darker spot near its upper left corner, which shows how the picture is turned."""
    picture = Image.new("RGB", size, SKIN)
    width, height = size
    ImageDraw.Draw(picture).rectangle([0, 0, width // 4, height // 4], fill=SPOT)
    return picture.convert(mode)


def saved(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def unpacked(path):
    return lzma.decompress(path.read_bytes())


def a_jpeg(size=(640, 480), **options):
    return saved(a_picture(size), "JPEG", quality=90, **options)


def exif(orientation=1):
    """EXIF as a phone writes it: orientation, owner and location."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = "Amina's iPhone"
    data[0x013B] = "Amina's iPhone"
    place = data.get_ifd(0x8825)
    place[1], place[2] = "N", (51.0, 30.0, 26.6)
    place[29] = "51.5074"
    return data


def a_phone_jpeg(orientation=6):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return a_jpeg(exif=exif(orientation), icc_profile=profile, comment=b"Amina's iPhone", xmp=b"<x:xmpmeta>51.5074")


def a_png_with_words():
    words = PngInfo()
    words.add_text("Comment", "<script>alert(1)</script>")
    words.add_itxt("GPS", "51.5074")
    return saved(a_picture(), "PNG", pnginfo=words, exif=exif())


def an_animated(kind):
    frames = [a_picture(), Image.new("RGB", (640, 480), "black")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def a_zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("hidden.txt", "hidden.txt")
    return file.getvalue()


def a_png_that_claims(width, height):
    """A header that claims more pixels than there are: decoders allocate memory for them before they decode."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + _chunk(b"IEND", b"")
    )


@cache
def an_empty_png(width, height):
    """With 40 million pixels a decompression bomb of 40 kB."""
    rows = _compressed(b"\0" * (width + 1) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


@cache
def a_png_text_bomb():
    """A compressed comment of 80 MB."""
    words = b"Comment\0\0" + _compressed(b"a" * 80_000_000)
    good = saved(a_picture(), "PNG")
    return good[:33] + _chunk(b"zTXt", words) + good[33:]


def a_webp_bomb(width, height):
    """One colour in 38 bytes, which decoders unfold to any size: a lossless WebP whose five codes have one symbol each.

    Its bits: width and height less one, no transparency, version 0; no transform, no colour cache, no meta codes; then
    the codes of green, red, blue, alpha and distance.
    """
    bits, length = 0, 0

    def put(value, count):
        nonlocal bits, length
        bits |= value << length
        length += count

    put(width - 1, 14)
    put(height - 1, 14)
    put(0, 1 + 3 + 1 + 1 + 1)
    for _ in range(5):
        # A simple code with one symbol of one bit, which is 0.
        put(0b0001, 4)
    lossless = b"\x2f" + bits.to_bytes((length + 7) // 8, "little")
    chunk = b"VP8L" + struct.pack("<I", len(lossless)) + lossless + b"\0" * (len(lossless) % 2)
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def a_jpeg_that_claims(width, height):
    good = a_jpeg()
    start = good.index(b"\xff\xc0") + 5
    return good[:start] + struct.pack(">HH", height, width) + good[start + 4 :]


def a_jpeg_of_many_scans(scans=5000):
    """A progressive JPEG that repeats its last scan: small to send, slow to decode."""
    good = saved(a_picture(), "JPEG", progressive=True)
    last = good.rindex(b"\xff\xda")
    return good[:last] + good[last:-2] * scans + b"\xff\xd9"


def a_jpeg_with_an_exif_bomb():
    """An EXIF directory that claims 65,535 entries, each longer than the file."""
    entries = struct.pack("<HHII", 0x010E, 2, 0xFFFFFFF0, 8) * 3000
    block = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 0xFFFF) + entries
    return _with_segment(a_jpeg(), b"\xe1", block)


def _with_segment(jpeg, marker, content):
    return jpeg[:2] + b"\xff" + marker + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def _compressed(run):
    """As small as zlib can make one byte repeated, in half the time."""
    compressor = zlib.compressobj(9, strategy=zlib.Z_RLE)
    return compressor.compress(run) + compressor.flush()


def _chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


# Name -> how to make it. Every one is accepted.
GOOD = {
    "plain.jpg": a_jpeg,
    "phone.jpg": a_phone_jpeg,
    "progressive.jpg": lambda: a_jpeg(progressive=True),
    "grey.jpg": lambda: saved(a_picture(mode="L"), "JPEG"),
    "printing-colours.jpg": lambda: saved(a_picture(mode="CMYK"), "JPEG"),
    "without-its-end.jpg": lambda: a_jpeg()[:-2],
    "comment-with-script.jpg": lambda: a_jpeg(comment=JPEG_COMMENT),
    "jpeg-and-page.jpg": lambda: a_jpeg() + b"<html><script>alert(1)</script></html>",
    "jpeg-and-archive.jpg": lambda: a_jpeg() + a_zip(),
    "jpeg-and-pdf.jpg": lambda: _with_segment(a_jpeg(), b"\xfe", b"%PDF-1.7"),
    "exif-bomb.jpg": a_jpeg_with_an_exif_bomb,
    "really-a-jpeg.pdf": a_jpeg,
    "plain.png": lambda: saved(a_picture(), "PNG"),
    "words.png": a_png_with_words,
    "transparent.png": lambda: saved(a_picture(mode="RGBA"), "PNG"),
    "palette.png": lambda: saved(a_picture(mode="P"), "PNG"),
    "moving.png": lambda: an_animated("PNG"),
    "plain.webp": lambda: saved(a_picture(), "WEBP", exif=exif()),
    "moving.webp": lambda: an_animated("WEBP"),
    "plain.heic": lambda: A_HEIC,
    "jpeg-called-html.html": a_jpeg,
}
# Name -> how to make it, and the name of the exception.
REFUSED = {
    "empty.jpg": (lambda: b"", "Empty"),
    "page.jpg": (lambda: b"<!DOCTYPE html><script>alert(1)</script>", "NotAPhoto"),
    "drawing.jpg": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "NotAPhoto"),
    "drawing.svg": (lambda: b'<?xml version="1.0"?>\n<svg><script>alert(1)</script></svg>', "NotAPhoto"),
    "letter.pdf": (lambda: b"%PDF-1.7\n1 0 obj\n", "NotAPhoto"),
    "moving.gif": (lambda: an_animated("GIF"), "NotAPhoto"),
    "gif-called-jpeg.jpg": (lambda: saved(a_picture(mode="P"), "GIF"), "NotAPhoto"),
    "photos.zip": (a_zip, "NotAPhoto"),
    "letter.docx": (a_zip, "NotAPhoto"),
    "film.mov": (lambda: b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + b"\0" * 500, "NotAPhoto"),
    "film.mp4": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0" * 500, "NotAPhoto"),
    "new.avif": (lambda: b"\0\0\0\x1cftypavif\0\0\0\0mif1avif" + b"\0" * 500, "NotAPhoto"),
    "raw.tiff": (lambda: saved(a_picture(), "TIFF"), "NotAPhoto"),
    "old.bmp": (lambda: saved(a_picture(), "BMP"), "NotAPhoto"),
    "zip-and-jpeg.jpg": (lambda: a_zip() + a_jpeg(), "NotAPhoto"),
    "page-and-jpeg.jpg": (lambda: b"<html><!--" + a_jpeg(), "NotAPhoto"),
    "noise.jpg": (lambda: bytes(range(256)) * 40, "NotAPhoto"),
    "words.txt": (lambda: b"It itches.", "NotAPhoto"),
    "cut-off.jpg": (lambda: a_jpeg()[:-2000], "Damaged"),
    "half-a-photo.jpg": (lambda: a_jpeg()[:5000], "Damaged"),
    "cut-off.png": (lambda: saved(a_picture(), "PNG")[:-200], "Damaged"),
    "cut-off.webp": (lambda: saved(a_picture(), "WEBP")[:-200], "Damaged"),
    "cut-off.heic": (lambda: A_HEIC[:-200], "Damaged"),
    "only-a-start.jpg": (lambda: b"\xff\xd8\xff\xe0", "Damaged"),
    "only-a-start.heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "Damaged"),
    "promises.png": (lambda: a_png_that_claims(640, 480), "Damaged"),
    "many-scans.jpg": (a_jpeg_of_many_scans, "Damaged"),
    "text-bomb.png": (a_png_text_bomb, "Damaged"),
    "bomb.png": (lambda: an_empty_png(40_001, 1000), "TooManyPixels"),
    "bomb.webp": (lambda: a_webp_bomb(16_383, 16_383), "TooManyPixels"),
    "giant.png": (lambda: a_png_that_claims(100_000, 100_000), "TooManyPixels"),
    "endless.png": (lambda: a_png_that_claims(2**31 - 1, 2**31 - 1), "TooManyPixels"),
    "giant.jpg": (lambda: a_jpeg_that_claims(65_500, 65_500), "TooManyPixels"),
    "large.jpg": (lambda: a_jpeg_that_claims(10_000, 5_101), "TooManyPixels"),
    "dot.jpg": (lambda: a_jpeg((1, 1)), "TooSmall"),
    "dot.png": (lambda: saved(a_picture((1, 1)), "PNG"), "TooSmall"),
    "thread.png": (lambda: saved(a_picture((20_000, 100)), "PNG", compress_level=1), "TooSmall"),
    "too-heavy.jpg": (lambda: a_jpeg() + b"\0" * 10_000_000, "TooLarge"),
}
