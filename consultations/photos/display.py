"""How a stored photo is shown: a small preview, and the HTTP response that carries a photo."""

import io

from django.http import HttpResponse

# In pixels, of stored photos. Skin is judged on a screen, and at 200 % a third of this fills it. More would only make
# pages and backups slow.
LONG_SIDE = 2048
PREVIEW_SIDE = 320  # pixels on the long side
PREVIEW_QUALITY = 70
# An image loads nothing. Should a browser take it for a page, this keeps it from running or loading anything.
SANDBOX = "default-src 'none'; sandbox"


class NamedJpeg(io.BytesIO):
    """By its name, Pillow knows the format. If it is told, it loads the code of five formats, which stays."""

    name = "preview.jpg"


def preview_of(content: bytes) -> bytes:
    """A small JPEG of a photo that `clean_photo` returned: about 15 kB, made in about 10 ms.

    Raises OSError when the content is not a JPEG, or a larger one.
    """
    # Most web processes never draw one, and each would keep the six megabytes of Pillow.
    from PIL import Image
    from PIL.JpegImagePlugin import JpegImageFile

    try:
        photo = JpegImageFile(io.BytesIO(content))
    except SyntaxError as error:
        raise OSError("This is no JPEG.") from error
    with photo:
        # What a decoder that was taken over may have handed in is not decoded in the web process.
        if max(photo.size) > LONG_SIDE:
            raise OSError
        photo.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        preview = Image.new("RGB", photo.size)
        preview.paste(photo)
    file = NamedJpeg()
    preview.save(file, quality=PREVIEW_QUALITY)
    return file.getvalue()


def image_response(content: bytes) -> HttpResponse:
    """To be looked at, not saved, framed or indexed. The middleware adds `nosniff` and `no-store`."""
    response = HttpResponse(content, content_type="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
