"""What people are told before they agree."""

import pytest

from consultations.forms import consent
from tests.pages import Page

pytestmark = pytest.mark.django_db
PRIVACY, FORM = "/privacy/", "/consult/"


def test_the_form_leads_to_the_privacy_page(client):
    links = [link["href"] for link in Page(client.get(FORM).content.decode()).all("a") if "href" in link]

    assert PRIVACY in links
    assert client.get(PRIVACY).status_code == 200


def test_the_box_for_consent_is_empty_and_must_be_ticked(client):
    html = client.get(FORM).content.decode()
    (box,) = Page(html).all("input", name="consent")

    assert box["type"] == "checkbox"
    assert "checked" not in box
    assert str(consent.WORDING) in html
    assert "Tick the box to agree." in client.post(FORM, {}).content.decode()


@pytest.mark.parametrize(
    "days, told",
    [(730, "We keep a request for 730 days after it is over."), (None, "Requests are not erased automatically.")],
)
def test_the_page_says_how_long_a_request_is_kept(client, settings, days, told):
    settings.RETENTION_DAYS = days

    assert told in client.get(PRIVACY).content.decode()
