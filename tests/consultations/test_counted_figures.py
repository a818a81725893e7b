"""The figures of the dashboard are counted every hour, kept, and shown with the moment of the count."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.figures import all_figures
from consultations.figures.counted import KEPT_FOR, count_figures, figures_within
from consultations.models import CountedFigures, Inquiry
from tests.consultations.factories import a_coordinator, an_article, an_inquiry, many_inquiries

pytestmark = pytest.mark.django_db
FIGURES = "/admin/consultations/inquiry/figures/"
COUNT = f"{FIGURES}count/"
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def page(client):
    return client.get(FIGURES).content.decode()


def waiting(counted):
    return next(figure.sentence for figure in counted.figures if figure.key == "backlog")


def test_the_page_shows_what_was_counted_and_when(client, clock):
    an_inquiry()
    count_figures()
    clock.shift(59 * MINUTE)
    an_inquiry(address="198.51.100.7")
    client.force_login(a_coordinator())

    html = page(client)

    assert "1 request is waiting for us" in html
    assert "Counted at 18 November 2026, 12:00." in html


def test_kept_figures_are_those_that_were_counted():
    many_inquiries(3, condition=an_article())
    Inquiry.objects.filter(status="new").update(status="answered", answered_at=NOW)
    counted = count_figures()

    kept = figures_within()

    assert [figure.as_table() for figure in kept.figures] == [figure.as_table() for figure in counted.figures]
    assert [figure.sentence for figure in kept.figures] == [figure.sentence for figure in all_figures()]
    assert [bool(figure.plot) for figure in kept.figures] == [bool(figure.plot) for figure in counted.figures]


def test_a_page_of_kept_figures_is_the_page_of_fresh_ones(client):
    client.force_login(a_coordinator())
    many_inquiries(3, condition=an_article())
    Inquiry.objects.filter(status="new").update(status="answered", answered_at=NOW)

    fresh, kept = (drawn(page(client)) for _look in range(2))

    assert fresh.count("<svg") >= 3
    assert fresh == kept


def drawn(html):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html.partition('<div class="figures__all">')[2])


def test_a_look_at_kept_figures_asks_nothing_about_requests(client):
    client.force_login(a_coordinator())
    many_inquiries(3)
    page(client)

    with CaptureQueriesContext(connection) as queries:
        page(client)

    assert not any("consultations_inquiry" in query["sql"] for query in queries)


def test_without_a_scheduler_the_page_counts_in_the_end(client, clock):
    count_figures()
    an_inquiry()
    clock.shift(KEPT_FOR)
    client.force_login(a_coordinator())

    assert "1 request is waiting for us" in page(client)


def test_staff_can_count_again_at_most_once_a_minute(client, clock):
    client.force_login(a_coordinator())
    an_inquiry()
    count_figures()
    an_inquiry(address="198.51.100.7")

    clock.shift(MINUTE / 2)
    assert "1 request is waiting for us" in client.post(COUNT, follow=True).content.decode()
    clock.shift(MINUTE / 2)
    assert "2 requests are waiting for us" in client.post(COUNT, follow=True).content.decode()


def test_the_file_of_a_figure_says_what_the_page_says(client):
    client.force_login(a_coordinator())
    an_inquiry()
    page(client)
    an_inquiry(address="198.51.100.7")

    response = client.post(f"{FIGURES}save/", {"figure": "weeks"})

    assert '"2026-11-16","1"' in response.getvalue().decode()


def test_the_scheduler_counts_the_figures_every_hour(clock):
    an_inquiry()
    call_command("run_scheduler")

    clock.shift(30 * MINUTE)
    call_command("run_scheduler")
    assert CountedFigures.objects.get().counted_at == NOW

    an_inquiry(address="198.51.100.7")
    clock.shift(30 * MINUTE)
    call_command("run_scheduler")

    assert waiting(figures_within()) == "2 requests are waiting for us; 0 overdue."
