import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations import actions
from consultations.models import StatusPass
from gutskin.mail.models import Notification
from tests.consultations.factories import an_inquiry

pytestmark = pytest.mark.django_db


def later(minutes):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def test_a_link_works_once_and_for_15_minutes():
    inquiry = an_inquiry()
    token = StatusPass.objects.issue(inquiry, "link")
    with later(16):
        assert actions.use_link(token) is None

    assert actions.use_link(token) == inquiry
    assert actions.use_link(token) is None


def test_a_new_link_ends_the_one_before():
    inquiry = an_inquiry()
    first, second = (StatusPass.objects.issue(inquiry, "link") for _ in range(2))

    assert (actions.use_link(first), actions.use_link(second)) == (None, inquiry)


def test_a_visit_lasts_30_minutes_or_until_it_is_ended():
    inquiry = an_inquiry()
    token = actions.begin_visit(inquiry, "code")
    assert actions.get_visit(token).inquiry == inquiry
    with later(31):
        assert actions.get_visit(token) is None

    actions.end_visit(token)
    assert actions.get_visit(token) is None


def test_a_link_is_not_a_visit_and_a_visit_is_not_a_link():
    inquiry = an_inquiry()

    assert actions.get_visit(StatusPass.objects.issue(inquiry, "link")) is None
    assert actions.use_link(actions.begin_visit(inquiry, "code")) is None
    assert actions.get_visit("") is None


def test_the_secret_is_not_stored():
    token = actions.begin_visit(an_inquiry(), "code")

    assert token not in str(list(StatusPass.objects.values_list()))


def test_two_requests_for_a_link_send_one_mail():
    inquiry = an_inquiry()
    actions.send_links([inquiry])
    actions.send_links([inquiry])

    assert Notification.objects.filter(kind="status_link").count() == 1


def test_both_mails_are_queued_before_the_audit_events():
    """An event locks the end of the audit log, and a mail locks its request: taken in turns, they deadlock."""
    pair = [an_inquiry(), an_inquiry()]
    with CaptureQueriesContext(connection) as context:
        actions.send_links(pair)

    inserts = [query["sql"] for query in context.captured_queries if query["sql"].startswith("INSERT")]
    tables = [re.search(r'"(\w+)"', sql)[1] for sql in inserts]
    assert tables == ["mail_notification", "mail_notification", "audit_auditevent", "audit_auditevent"]
