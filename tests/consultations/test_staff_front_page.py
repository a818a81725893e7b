"""What the staff front page shows about waiting requests."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions
from consultations.models import Inquiry
from tests.consultations.factories import (
    a_clinician,
    a_coordinator,
    an_article,
    an_author,
    an_inquiry,
    many_inquiries,
    some_inquiries,
)
from tests.consultations.staff_pages import queries_of

pytestmark = pytest.mark.django_db


def front_page(client):
    return client.get("/admin/").content.decode()


def lines(html):
    """Returns the label of each tab with its count and its link, if there is one."""
    section = re.search(r'aria-labelledby="answer-heading".*?</section>', html, re.DOTALL)[0]
    found = re.findall(
        r'(?:<a href="([^"]*)">|<span class="work__none">)([^<]+) <strong class="work__count">(\d+)', section
    )
    return {words: (int(count), address) for address, words, count in found}


def test_it_counts_what_waits_and_links_to_it(client):
    david = a_clinician()
    client.force_login(david)
    late, mine, _nobodys = some_inquiries(3)
    now = timezone.now()
    Inquiry.objects.filter(pk=late.pk).update(received_at=now - timedelta(days=30), due_at=now - timedelta(days=1))
    actions.assign(mine, to=david, by=david)

    found = lines(front_page(client))

    assert {words: count for words, (count, _address) in found.items()} == {
        "Assigned to you": 1,
        "Unassigned": 2,
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


def test_it_counts_requests_of_a_colleague_who_has_left_as_unassigned(client):
    carla, maria = a_coordinator(), a_clinician("maria")
    client.force_login(carla)
    inquiry = an_inquiry()
    actions.assign(inquiry, to=maria, by=carla)
    assert lines(front_page(client))["Unassigned"] == (0, "")
    maria.is_active = False
    maria.save()

    count, address = lines(front_page(client))["Unassigned"]
    assert count == 1
    assert inquiry.reference in client.get(address).content.decode()


def test_it_warns_of_topics_without_a_clinician(client):
    psoriasis = an_article()
    client.force_login(a_coordinator())
    assert f"<li>{psoriasis.title}</li>" in front_page(client)

    a_clinician()
    assert "No clinician answers" not in front_page(client)


def test_a_clinician_is_not_warned_of_topics(client):
    client.force_login(a_clinician(team=None))

    assert "No clinician answers" not in front_page(client)


def test_thirty_requests_need_no_more_queries_than_three(client):
    client.force_login(a_coordinator())
    an_article()

    many_inquiries(3)
    few = queries_of(client, "/admin/")
    many_inquiries(27)
    assert queries_of(client, "/admin/") == few <= 16


def test_requests_that_need_no_answer_are_not_counted(client):
    carla = a_coordinator()
    client.force_login(carla)
    actions.change_status(an_inquiry(), to="spam", by=carla)

    assert "No request is waiting for an answer." in front_page(client)


def test_a_clinician_sees_no_count_of_a_colleagues_requests(client):
    client.force_login(a_clinician(team=None))
    actions.assign(an_inquiry(), to=a_clinician("maria"), by=a_coordinator())

    assert "No request is waiting for an answer." in front_page(client)


def test_an_author_sees_no_counts(client):
    client.force_login(an_author())
    an_inquiry()

    assert "Requests to answer" not in front_page(client)
