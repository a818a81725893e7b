"""The dashboard: correct figures, plots that agree with them, permissions, and the number of queries."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import actions
from consultations.figures import all_figures
from consultations.figures.backlog import BANDS, backlog
from consultations.models import CountedFigures, Inquiry, Urgency
from consultations.queue.due_dates import reply_due, working_days_between
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.consultations.factories import (
    a_clinical_reviewer,
    a_clinician,
    a_coordinator,
    a_privacy_lead,
    a_superuser,
    a_user,
    an_article,
    an_author,
    an_inquiry,
    many_inquiries,
    some_inquiries,
)
from tests.pages import Page

pytestmark = pytest.mark.django_db
FIGURES = "/admin/consultations/inquiry/figures/"
# A Wednesday.
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


def figure(key):
    (found,) = [figure for figure in all_figures() if figure.key == key]
    return found


def cells(key):
    return {row.name: row.cells for row in figure(key).rows}


def dated(inquiry, received, answered=None, **fields):
    """Sets when a request was received and first answered."""
    fields |= {"received_at": received, "due_at": reply_due(received, fields.get("urgency", Urgency.ROUTINE))}
    Inquiry.objects.filter(pk=inquiry.pk).update(answered_at=answered, **fields)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (a_coordinator, 200),
        (a_clinician, 200),
        (a_privacy_lead, 200),
        (a_superuser, 200),
        (an_author, 403),
        (a_clinical_reviewer, 403),
        (lambda: a_user("nobody"), 403),
        (None, 302),
    ],
)
def test_who_may_see_the_figures_and_every_look_is_recorded(client, role, status):
    an_inquiry()
    if role:
        client.force_login(role())

    assert client.get(FIGURES).status_code == status
    assert AuditEvent.objects.filter(action="dashboard_viewed").count() == (status == 200)


def test_looking_changes_nothing_and_takes_no_post(client):
    client.force_login(a_coordinator())

    assert client.post(FIGURES).status_code == 405


def test_without_requests_each_figure_says_so(client):
    client.force_login(a_coordinator())

    html = client.get(FIGURES).content.decode()

    assert "No request was answered in the last six months." in html
    assert "No request is waiting for us." in html
    assert 'role="img"' not in html


def test_requests_are_counted_by_the_week_they_were_received():
    first, second, third, spam, old = some_inquiries(5)
    # The Sunday before a Monday is another week, and so is its last half hour in the clinic's time zone.
    dated(first, datetime(2026, 11, 9, 0, 0, tzinfo=UTC))
    dated(second, datetime(2026, 11, 15, 23, 30, tzinfo=UTC))
    dated(third, datetime(2026, 11, 16, 0, 0, tzinfo=UTC))
    dated(spam, datetime(2026, 11, 10, tzinfo=UTC), status="spam", closed_at=NOW)
    dated(old, datetime(2026, 5, 24, 22, 30, tzinfo=UTC))

    weeks = cells("weeks")

    assert len(weeks) == 26
    assert weeks["9 November 2026"] == [2]
    assert weeks["16 November 2026"] == [1]
    assert sum(count for (count,) in weeks.values()) == 3
    assert figure("weeks").rows[0].moment == "2026-05-25"
    assert figure("weeks").sentence == "2 requests came in last week."


def test_the_oldest_week_begins_at_local_midnight():
    """In summer the clinic's Monday begins at 23:00 UTC on Sunday."""
    dated(an_inquiry(), datetime(2026, 5, 24, 23, 0, tzinfo=UTC))

    assert cells("weeks")["25 May 2026"] == [1]


def test_topics_have_their_published_title_the_most_frequent_first():
    psoriasis, acne = an_article(), an_article("acne", "Acne")
    for topic in (acne, psoriasis, psoriasis, None):
        an_inquiry(condition=topic)

    assert [(row.name, row.cells) for row in figure("topics").rows] == [
        ("Psoriasis", [2]),
        ("Acne", [1]),
        ("Something else", [1]),
    ]
    assert figure("topics").sentence == "Psoriasis comes first: 2 out of 4 requests in the last 26 weeks."


def test_median_and_ninetieth_percentile_of_first_replies_in_working_days():
    """Ten requests received on one Monday, answered 1 to 9 days later, and one after another weekend."""
    came = datetime(2026, 11, 2, 9, tzinfo=UTC)
    for inquiry, days in zip(some_inquiries(10), [1, 1, 2, 2, 3, 3, 4, 4, 7, 14], strict=True):
        dated(inquiry, came, answered=came + timedelta(days=days), status="answered")

    november = cells("replies")["November 2026"]

    # 7 days are 5 working days, 14 are 10.
    assert november == [10, 3, 5]
    assert figure("replies").sentence == (
        "Of the requests answered in the last six months, half got a first reply within 3 working days, "
        "nine in ten within 5."
    )
    assert cells("replies")["October 2026"] == [0, None, None]


def test_a_wait_is_never_shown_shorter_than_it_was():
    came = datetime(2026, 11, 2, 9, tzinfo=UTC)
    dated(an_inquiry(), came, answered=came + timedelta(hours=25), status="answered")

    assert cells("replies")["November 2026"] == [1, 1.1, 1.1]
    assert "within 2 working days" in figure("replies").sentence


def test_each_urgency_is_compared_with_its_own_service_level():
    came = datetime(2026, 11, 2, 9, tzinfo=UTC)
    urgent, routine = some_inquiries(2)
    dated(urgent, came, answered=came + timedelta(days=2), status="answered", urgency=Urgency.URGENT)
    dated(routine, came, answered=came + timedelta(days=2), status="answered")

    assert cells("urgency") == {
        "Urgent": [1, 1, 2, 2, 0],
        "Soon": [3, 0, None, None, 0],
        "Routine": [10, 1, 2, 2, 1],
    }
    assert figure("urgency").sentence == "Some first replies came late: Urgent."


def test_a_reply_never_given_counts_as_late():
    came = datetime(2026, 10, 19, 9, tzinfo=UTC)
    kept, late, waiting, closed, withdrawn, duplicate, spam, not_due = some_inquiries(8)
    dated(kept, came, answered=datetime(2026, 11, 2, 23, 59, 59, tzinfo=UTC), status="answered")
    dated(late, came, answered=datetime(2026, 11, 3, 0, 0, tzinfo=UTC), status="answered")
    dated(waiting, came)
    dated(closed, came, status="closed", closed_at=NOW, outcome="not_for_us")
    dated(withdrawn, came, status="withdrawn", closed_at=NOW)
    dated(duplicate, came, status="closed", closed_at=NOW, outcome="duplicate")
    dated(spam, came, status="spam", closed_at=NOW)
    dated(not_due, NOW)

    assert cells("in-time")["November 2026"] == [4, 1, 1, 1, 1, 25]
    assert cells("in-time")["October 2026"] == [0, 0, 0, 0, 0, None]
    assert figure("in-time").sentence == "1 of the 4 replies due in the last six months came in time."


def test_a_late_first_reply_stays_late_whatever_the_patient_writes_later():
    came, answered = datetime(2026, 10, 19, 9, tzinfo=UTC), datetime(2026, 11, 10, 9, tzinfo=UTC)
    with time_machine.travel(came, tick=False):
        inquiry, david = an_inquiry(), a_clinician()
    with time_machine.travel(answered, tick=False):
        actions.reply(inquiry, text="Use a cream.", key=uuid.uuid4(), by=david)
        actions.receive_message(inquiry, text="Thank you.", key=uuid.uuid4())

    assert cells("in-time")["November 2026"] == [1, 0, 1, 0, 0, 0]
    assert cells("urgency")["Routine"] == [10, 1, 16, 16, 0]


def test_the_backlog_is_counted_by_age_in_working_days():
    today, friday, long_ago, at_the_patient, answered = some_inquiries(5)
    dated(friday, datetime(2026, 11, 13, 18, tzinfo=UTC))
    dated(long_ago, datetime(2026, 10, 1, 9, tzinfo=UTC))
    dated(at_the_patient, NOW, status="waiting_for_patient")
    dated(answered, NOW, status="answered", answered=NOW)

    rows = cells("backlog")

    assert rows["up to 1 working day"] == [1, 0]
    assert rows["2 to 3 working days"] == [1, 0]  # from Friday to Wednesday
    assert rows["more than 20 working days"] == [1, 1]
    assert sum(count for count, _overdue in rows.values()) == 3
    assert figure("backlog").sentence == "3 requests are waiting for us; 1 overdue."
    assert figure("backlog").notes == ["1 more is waiting for the patient."]
    assert today.status == "new"


@pytest.mark.slow
def test_each_age_is_in_exactly_the_right_band(settings):
    settings.HOLIDAYS = [date(2026, 11, 17), date(2026, 11, 14), date(2026, 11, 2)]
    inquiry = an_inquiry()
    for hours in range(0, 24 * 45, 7):
        came = NOW - timedelta(hours=hours)
        dated(inquiry, came)
        age = working_days_between(came, timezone.now())
        right = next(number for number, most in enumerate(BANDS) if most is None or age <= most)
        assert [row.cells[0] for row in backlog().rows] == [int(number == right) for number in range(len(BANDS))]


def test_how_requests_ended():
    carla = a_coordinator()
    for inquiry, outcome in zip(some_inquiries(3), ["advice_given", "advice_given", "referred"], strict=True):
        actions.change_status(inquiry, to="in_triage", by=carla)
        actions.change_status(inquiry, to="closed", outcome=outcome, by=carla)

    assert cells("outcomes") == {"Advice given in writing": [2], "Referred to someone else": [1]}


def test_withdrawn_requests_and_spam_are_set_aside():
    kept, withdrawn, spam = some_inquiries(3)
    dated(withdrawn, NOW, status="withdrawn", closed_at=NOW)
    dated(spam, NOW, status="spam", closed_at=NOW)

    assert cells("left-aside") == {"Withdrawn": [1], "Spam": [1], "Everything else": [1]}
    assert kept.status == "new"


def test_returned_and_waiting_mails():
    an_inquiry()
    Notification.objects.filter(kind="receipt").update(refused_at=NOW)
    assert figure("mails").sentence == "1 mail was returned in 30 days."
    # Mails delivered earlier have been deleted. A returned mail is kept while its request is open.
    an_inquiry(address="198.51.100.7")
    _first, receipt, notice = Notification.objects.undelivered().order_by("pk")
    Notification.objects.filter(pk=receipt.pk).update(refused_at=NOW - timedelta(days=31))
    Notification.objects.filter(pk=notice.pk).update(delivered_at=NOW - timedelta(days=29))

    Notification.objects.filter(kind="intake_notice").update(created_at=NOW - timedelta(minutes=6))
    assert cells("mails") == {
        "Delivered in the last 30 days": [1],
        "Returned in the last 30 days": [1],
        "Waiting now": [1],
        "Waiting for more than 5 minutes": [1],
    }
    assert "is the mail worker running" in figure("mails").sentence


def test_every_plot_has_a_name_a_description_and_a_table(client):
    client.force_login(a_coordinator())
    came = datetime(2026, 11, 2, 9, tzinfo=UTC)
    for inquiry in some_inquiries(4):
        dated(inquiry, came, answered=came + timedelta(days=1), status="answered")
    an_inquiry()

    html = client.get(FIGURES).content.decode().partition('id="content-main"')[2]
    page = Page(html)

    drawings = page.all("svg", role="img")
    assert len(drawings) == 5
    for drawing in drawings:
        assert {drawing["aria-labelledby"], drawing["aria-describedby"]} <= set(page.ids)
    tables = page.all("table")
    assert len(tables) == len(page.all("caption")) == 8  # nothing was closed, so that figure is a sentence
    assert len(page.ids) == len(set(page.ids))
    assert not re.search(r"\sstyle=|<script|\bNone\b", html)


def test_plots_and_tables_agree():
    """The highest column is the highest number, and nothing is drawn outside the plot."""
    first, *others = some_inquiries(5)
    dated(first, NOW - timedelta(days=7))
    plot, rows = figure("weeks").plot, figure("weeks").rows

    heights = [column.height for column in plot["columns"]]
    assert [number for number, row in enumerate(rows) if row.cells[0]] == [
        number for number, height in enumerate(heights) if height
    ]
    assert max(heights) == heights[-1] == plot["frame"].bottom - plot["frame"].top
    assert heights[-2] == pytest.approx(heights[-1] / len(others), abs=0.1)


def test_no_name_and_no_story_is_among_the_figures(client):
    client.force_login(a_coordinator())
    actions.assign(an_inquiry(), to=a_clinician("maria"), by=a_coordinator("clara"))

    html = client.get(FIGURES).content.decode()

    assert "Amina" not in html
    assert "elbows" not in html
    assert "maria" not in html


@pytest.mark.slow
def test_thirty_and_three_thousand_requests_cost_the_same_queries(client):
    client.force_login(a_coordinator())
    topic = an_article()
    many_inquiries(30, condition=topic)
    with CaptureQueriesContext(connection) as few:
        client.get(FIGURES)

    many_inquiries(2970, condition=topic)
    CountedFigures.objects.all().delete()
    Inquiry.objects.filter(status="new", condition=topic).update(status="answered", answered_at=NOW)
    with CaptureQueriesContext(connection) as many:
        html = client.get(FIGURES).content.decode()

    assert "Psoriasis comes first: 1500 out of 3000 requests in the last 26 weeks." in html
    assert len(many) == len(few) <= 23
    assert sum("consultations_inquiry" in query["sql"] for query in many) == 7
