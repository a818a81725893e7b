"""How tests enter the status page."""

from consultations.request_numbers import receipt_code

STATUS = "/consult/status/"


def code_of(inquiry):
    return receipt_code(inquiry.idempotency_key)


def in_a_visit(client, inquiry):
    """The client, after entering the right code."""
    response = client.post(STATUS, {"code": code_of(inquiry)})
    assert response.status_code == 302
    return client


def page(client):
    response = client.get(STATUS)
    assert response.status_code == 200
    return response.content.decode()
