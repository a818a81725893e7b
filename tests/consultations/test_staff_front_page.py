"""What the staff's front page says about requests that wait."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry
from tests.consultations.factories import a_clinician, a_coordinator, an_author, an_inquiry, some_inquiries

pytestmark = pytest.mark.django_db


def front_page(client):
    return client.get("/admin/").content.decode()


def test_it_says_what_waits_and_leads_to_it(client):
    carla = a_coordinator()
    client.force_login(carla)
    late, mine, _nobodys = some_inquiries(3)
    now = timezone.now()
    Inquiry.objects.filter(pk=late.pk).update(received_at=now - timedelta(days=30), due_at=now - timedelta(days=1))
    actions.assign(mine, to=carla, by=carla)

    html = front_page(client)

    assert "3 wait for an answer" in html
    assert "1 overdue" in html
    links = {words: unescape(link) for link, words in re.findall(r'<a href="([^"]*)">(\d assigned[^<]*)', html)}
    assert mine.reference in client.get(links["1 assigned to you"]).content.decode()
    unassigned = client.get(links["2 assigned to nobody yet"]).content.decode()
    assert late.reference in unassigned
    assert mine.reference not in unassigned


def test_it_counts_nothing_that_needs_no_answer(client):
    carla = a_coordinator()
    client.force_login(carla)
    actions.change_status(an_inquiry(), to="spam", by=carla)

    assert "No request is waiting for an answer." in front_page(client)


def test_a_clinician_is_not_told_of_a_colleagues_requests(client):
    client.force_login(a_clinician(team=None))
    actions.assign(an_inquiry(), to=a_clinician("maria"), by=a_coordinator())

    assert "No request is waiting for an answer." in front_page(client)


def test_an_author_is_told_nothing(client):
    client.force_login(an_author())
    an_inquiry()

    assert "Requests to answer" not in front_page(client)
