"""What the staff's front page says about requests that wait."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry
from tests.consultations.desk_pages import queries_of
from tests.consultations.factories import (
    a_clinician,
    a_coordinator,
    an_article,
    an_author,
    an_inquiry,
    many_inquiries,
    some_inquiries,
)

pytestmark = pytest.mark.django_db


def front_page(client):
    return client.get("/admin/").content.decode()


def lines(html):
    """The words of each tab with its number, and the address it leads to, where there is one."""
    section = re.search(r'aria-labelledby="answer-heading".*?</section>', html, re.DOTALL)[0]
    found = re.findall(
        r'(?:<a href="([^"]*)">|<span class="work__none">)([^<]+) <strong class="work__count">(\d+)', section
    )
    return {words: (int(count), address) for address, words, count in found}


def test_it_says_what_waits_and_leads_to_it(client):
    david = a_clinician()
    client.force_login(david)
    late, mine, _nobodys = some_inquiries(3)
    now = timezone.now()
    Inquiry.objects.filter(pk=late.pk).update(received_at=now - timedelta(days=30), due_at=now - timedelta(days=1))
    actions.assign(mine, to=david, by=david)

    found = lines(front_page(client))

    assert {words: count for words, (count, _address) in found.items()} == {
        "Assigned to you": 1,
        "Assigned to nobody": 2,
        "Overdue": 1,
        "Urgent": 0,
        "Waiting for patient": 0,
        "All open": 3,
    }
    assert mine.reference in client.get(found["Assigned to you"][1]).content.decode()
    overdue = client.get(found["Overdue"][1]).content.decode()
    assert late.reference in overdue
    assert mine.reference not in overdue
    assert found["Urgent"][1] == ""


def test_it_counts_what_somebody_had_who_has_left(client):
    carla, maria = a_coordinator(), a_clinician("maria")
    client.force_login(carla)
    inquiry = an_inquiry()
    actions.assign(inquiry, to=maria, by=carla)
    assert lines(front_page(client))["Assigned to nobody"] == (0, "")
    maria.is_active = False
    maria.save()

    count, address = lines(front_page(client))["Assigned to nobody"]
    assert count == 1
    assert inquiry.reference in client.get(address).content.decode()


def test_it_warns_of_topics_in_nobodys_hands(client):
    psoriasis = an_article()
    client.force_login(a_coordinator())
    assert f"<li>{psoriasis.title}</li>" in front_page(client)

    a_clinician()
    assert "No clinician answers" not in front_page(client)


def test_a_clinician_who_makes_no_teams_is_not_warned(client):
    client.force_login(a_clinician(team=None))

    assert "No clinician answers" not in front_page(client)


def test_it_asks_no_more_for_thirty_requests_than_for_three(client):
    client.force_login(a_coordinator())
    an_article()

    many_inquiries(3)
    few = queries_of(client, "/admin/")
    many_inquiries(27)
    assert queries_of(client, "/admin/") == few <= 16


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
