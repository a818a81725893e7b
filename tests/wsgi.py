"""Visitors of a WSGI application, without a server."""

import gzip
import io
from dataclasses import dataclass

import brotli
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

CODINGS = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@dataclass
class Answer:
    status: str
    headers: dict
    body: bytes

    @property
    def text(self):
        return CODINGS[self.headers.get("Content-Encoding", "")](self.body).decode()


def environ_of(address, method="GET", **headers):
    meta = {f"HTTP_{name}": value for name, value in headers.items()}
    environ = RequestFactory().generic(method, address, **meta).environ
    environ["wsgi.input"] = io.BytesIO()
    if "COOKIE" not in headers:
        environ.pop("HTTP_COOKIE")
    return environ


def ask(application, address, method="GET", **headers):
    """What a WSGI application answers to a visitor who has never been here."""
    started, environ = [], environ_of(address, method, **headers)
    chunks = application(environ, lambda status, headers, exc_info=None: started.extend([status, headers]))
    body = b"".join(chunks)
    getattr(chunks, "close", bool)()
    status, headers = started
    assert len(dict(headers)) == len(headers)
    return Answer(status, dict(headers), body)


class Counted:
    """Django's application, and how often it was asked for each address."""

    def __init__(self):
        self.django, self.asked = WSGIHandler(), []

    def __call__(self, environ, start_response):
        self.asked.append(environ["PATH_INFO"])
        return self.django(environ, start_response)
