"""Forms with more text than we take: the answer is a page of ours, and what fits is still in the form."""

import io
import re

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from consultations.models import Attachment, Inquiry, Message, Note
from gutskin import limits
from tests.consultations.factories import a_clinician, an_inquiry, posted
from tests.consultations.photo_files import a_file, photo_ids_on, text_of
from tests.consultations.staff_pages import page_of
from tests.consultations.visits import in_a_visit

FORM = "/consult/"
TEXTS = ("skin_problem", "gut_details", "tried", "question")
MEGABYTE = 10**6


def long_form(fields=20, characters=100_000, **changes):
    """The patient's four answers and as many others; each text begins with its own name."""
    names = [*TEXTS, *(f"other{number}" for number in range(fields - len(TEXTS)))]
    return posted(**{name: f"{name} ".ljust(characters, "x") for name in names}, **changes)


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [10, 20])
def test_the_text_that_fits_is_still_in_the_form(client, fields):
    response = client.post(FORM, long_form(fields))

    assert response.status_code == 413
    assert "We kept the first 10,000 characters of each answer" in text_of(response)
    for name in TEXTS:
        kept = re.search(rf">\s*({name} x+)", response.content.decode())[1]
        assert len(kept) == limits.LONG_TEXT_CHARACTERS
    assert not Inquiry.objects.exists()


@pytest.mark.django_db
def test_a_long_form_loses_no_photo(client):
    response = client.post(FORM, long_form(photos=[a_file()]))
    assert response.status_code == 413
    assert len(photo_ids_on(response)) == 1


@pytest.mark.django_db
def test_another_websites_long_form_is_neither_stored_nor_repeated(client):
    response = client.post(FORM, long_form(photos=[a_file()]), headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 413
    assert "xxx" not in response.content.decode()
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_form_of_the_allowed_size_is_answered_as_usual(client):
    assert client.post(FORM, long_form(9)).status_code == 200
    assert client.post(FORM, posted(photos=[a_file(content=b"x" * 2 * MEGABYTE)])).status_code == 200


@pytest.mark.django_db
def test_a_long_message_comes_back(client):
    in_a_visit(client, an_inquiry())
    response = client.post("/consult/status/message/", {"text": "It itches. ".ljust(2 * MEGABYTE, "x"), "key": ""})
    assert response.status_code == 413
    assert "It itches. xxx" in response.content.decode()
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_long_note_of_the_staff_comes_back(client):
    inquiry = an_inquiry()
    client.force_login(a_clinician())
    response = client.post(page_of(inquiry, "note"), {"text": "Ring her. ".ljust(2 * MEGABYTE, "x")})
    assert response.status_code == 413
    assert "Ring her. xxx" in response.content.decode()
    assert not Note.objects.exists()


def test_a_form_is_read_in_small_pieces(rf):
    """In one piece, what is left of it would be copied for each field: seconds for a form of 12 MB."""
    asked_for = []

    class Body(io.BytesIO):
        def read(self, size=-1):
            asked_for.append(size)
            return super().read(size)

    content = encode_multipart(BOUNDARY, long_form(9) | {"file": a_file(content=b"x" * 2 * MEGABYTE)})
    request = rf.generic("POST", "/", content, MULTIPART_CONTENT, **{"wsgi.input": Body(content)})

    assert request.POST["other4"].startswith("other4 xxx")
    assert not request.FILES
    assert 0 < max(asked_for) <= 100_000
