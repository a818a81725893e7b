"""Photos as a browser sends them, and what a page shows of them."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from consultations import photos
from tests.consultations.upload_zoo import a_jpeg


def clean_photo(content):
    """One photo, decoded as for a patient."""
    with photos.decoder_slot() as slot:
        return photos.clean_photo(content, slot)


def a_file(name="elbow.jpg", content=None):
    return SimpleUploadedFile(name, a_jpeg() if content is None else content, content_type="image/jpeg")


def some_files(count):
    return [a_file(f"{number}.jpg", a_jpeg((100 + number, 100))) for number in range(count)]


def photo_ids_on(response):
    """The ids of the stored photos that the page shows."""
    return re.findall(r'name="remove_photo" value="([^"]+)"', response.content.decode())


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("&#x27;", "'").split())
