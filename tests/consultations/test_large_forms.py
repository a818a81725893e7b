"""Forms with more text than we take: the answer is a page of ours, and what fits is still in the form."""

import http.client
import io
import re
import time
from functools import cache
from urllib.parse import urlencode

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


# Over a real connection


@pytest.fixture(scope="module")
def site(production_site):
    return production_site


@pytest.mark.parametrize(
    ("address", "size", "kept"),
    [
        (FORM, 900_000, True),
        (FORM, 2 * MEGABYTE, True),
        (FORM, 30 * MEGABYTE, False),
        ("/accounts/login/", 2 * MEGABYTE, False),
        ("/accounts/login/", 12 * MEGABYTE, False),
        ("/healthz", 12 * MEGABYTE, False),
        ("/no/such/page/", 12 * MEGABYTE, False),
    ],
)
@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", MULTIPART_CONTENT])
def test_no_connection_is_reset(site, address, size, kept, content_type):
    response = send(site, address, size, content_type)
    assert response.status in (200, 400, 403, 404, 405, 413)
    assert (b"question xxx" in response.content) == kept


def test_a_slow_connection_is_not_reset(site):
    response = send(site, FORM, 2 * MEGABYTE, MULTIPART_CONTENT, bytes_per_second=4 * MEGABYTE)
    assert response.status == 413
    assert b"question xxx" in response.content


@cache
def encoded(size, content_type):
    fields = long_form(characters=size // 20)
    return encode_multipart(BOUNDARY, fields) if content_type == MULTIPART_CONTENT else urlencode(fields, True).encode()


def send(site, address, size, content_type, bytes_per_second=None):
    body = encoded(size, content_type)
    connection = http.client.HTTPConnection(site, timeout=60)
    connection.putrequest("POST", address, skip_host=True)
    for name, value in {
        "Host": "gutskin.example",
        "X-Forwarded-Proto": "https",
        "Referer": "https://gutskin.example/",
        "Content-Type": content_type,
        "Content-Length": len(body),
    }.items():
        connection.putheader(name, str(value))
    connection.endheaders()
    step = bytes_per_second // 10 if bytes_per_second else len(body)
    for start in range(0, len(body), step):
        connection.send(body[start : start + step])
        time.sleep(0.1 if bytes_per_second else 0)
    response = connection.getresponse()
    response.content = response.read()
    connection.close()
    return response
