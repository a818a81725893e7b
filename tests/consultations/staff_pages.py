"""The addresses of the staff's pages about requests, and what is on them."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations import actions
from tests.consultations.factories import ANSWERS

QUEUE = "/admin/consultations/inquiry/"
CONTACT = [ANSWERS[name] for name in ("name", "email")]
STORY = [ANSWERS[name] for name in ("skin_problem", "gut_details", "tried", "question")]
# Every step, with the data that its form would post.
STEPS = {
    "status": {"to": "in_triage"},
    "assign": {"to": "nobody"},
    "urgency": {"to": "urgent"},
    "note": {"text": "Ring her on Monday."},
    "reply": {"text": "Bread is rarely the cause.", "step": "send", "key": "0f0f0f0f-0000-4000-8000-000000000001"},
    "merge": {"into": "GS-AAAA-AAAA"},
    "hold": {"text": "A complaint.", "step": "hold"},
    "erase": {"reference": "GS-AAAA-AAAA"},
    "open": {"reason": "urgency", "explanation": ""},
    "presence": {"seen": "0"},
}


def page_of(inquiry, step="change"):
    return f"{QUEUE}{inquiry.pk}/{step}/"


def html_of(client, inquiry):
    response = client.get(page_of(inquiry))
    assert response.status_code == 200
    return response.content.decode()


def with_a_reason(inquiry, user, reason="urgency"):
    """Opens the story to a user who does not answer this request."""
    actions.open_story(inquiry, reason=reason, by=user)
    return user


def value_of(html, name):
    """Returns the value of a hidden field of the reply form, or of the page."""
    return re.search(rf'name="(?:reply-)?{name}" value="([^"]*)"', html)[1]


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
