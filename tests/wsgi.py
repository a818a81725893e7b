"""Visitors of a WSGI application, without a server."""

import gzip
import io
from contextlib import contextmanager
from dataclasses import dataclass

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from gutskin.page_cache import content_version

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


@contextmanager
def connection_kept():
    """Django closes a connection in a transaction before and after a request, and the test's own would be lost."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(content_version, "close_old_connections", lambda: None)
            yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def ask(application, address, method="GET", **headers):
    """What a WSGI application answers to a visitor who has never been here."""
    started, environ = [], environ_of(address, method, **headers)
    with connection_kept():
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
