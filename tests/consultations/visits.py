"""How tests enter the status page."""

import re

from consultations.request_numbers import receipt_code
from consultations.views.shown_request import FIELD, signed_reference

STATUS = "/consult/status/"


def code_of(inquiry):
    return receipt_code(inquiry.idempotency_key)


def in_a_visit(client, inquiry):
    """The client, after entering the right code. From then on it posts what the forms of this request's page post."""
    response = client.post(STATUS, {"code": code_of(inquiry)})
    assert response.status_code == 302
    return on_the_page_of(client, inquiry)


def on_the_page_of(client, inquiry):
    """The client, whose forms name this request from now on, unless a test says otherwise."""
    post, named = type(client).post, {FIELD: signed_reference(inquiry)}

    def post_from_the_page(path, data=None, **kwargs):
        return post(client, path, named | (data or {}), **kwargs)

    client.post = post_from_the_page
    return client


def named_in(html):
    """The values by which the forms of a page name their request."""
    return re.findall(rf'name="{FIELD}" value="([^"]+)"', html)


def page(client):
    response = client.get(STATUS)
    assert response.status_code == 200
    return response.content.decode()
