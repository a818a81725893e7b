"""Forms that are too large, over a real connection."""

import http.client
import time
from functools import cache
from urllib.parse import urlencode

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.consultations.test_large_forms import FORM, MEGABYTE, long_form

pytestmark = pytest.mark.servers


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
