"""A patient tells staff that they withdraw a request: what is noted, and who takes it back."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from consultations import actions
from consultations.forms.consent import STORE_HEALTH_DATA
from consultations.models import Inquiry, Note
from tests.consultations.factories import a_clinician, a_coordinator, an_inquiry
from tests.consultations.staff_pages import html_of, page_of

pytestmark = pytest.mark.django_db


def test_a_withdrawal_noted_by_staff_takes_a_sentence_and_can_be_taken_back(client, carla):
    inquiry = an_inquiry()
    response = client.post(page_of(inquiry, "status"), {"to": "withdrawn", "withdraw-note": " "})
    assert response.status_code == 409
    assert "Write how the patient said that they withdraw the request." in response.content.decode()
    assert Inquiry.objects.get().status == "new"

    sentence = "She rang: it has gone by itself."
    client.post(page_of(inquiry, "status"), {"to": "withdrawn", "withdraw-note": sentence})
    assert Inquiry.objects.get().status == "withdrawn"
    assert Note.objects.get().text == sentence
    assert 'value="in_triage">Back into triage<' in html_of(client, inquiry)

    client.post(page_of(inquiry, "status"), {"to": "in_triage", "had": "withdrawn"})
    assert Inquiry.objects.get().status == "in_triage"


def test_a_sentence_begun_for_a_withdrawal_stays_a_draft_of_its_own(client, carla):
    inquiry = an_inquiry()
    client.post(page_of(inquiry, "urgency"), {"to": "soon", "withdraw-note": "She rang.", "status-note": ""})

    assert ">\nShe rang.</textarea>" in html_of(client, inquiry)
    client.post(page_of(inquiry, "status"), {"to": "spam", "withdraw-note": "She rang."})
    assert not Note.objects.exists()


def test_a_withdrawal_from_a_page_that_showed_another_status_is_refused(client, carla):
    inquiry = an_inquiry()
    old = re.search(r'name="withdraw-had" value="(\w+)"', html_of(client, inquiry))[1]
    actions.change_status(inquiry, to="in_triage", by=a_clinician())

    posted = {"to": "withdrawn", "withdraw-note": "She rang.", "withdraw-had": old}
    response = client.post(page_of(inquiry, "status"), posted)

    assert response.status_code == 409
    assert "It was changed to “In triage” after you opened this page." in response.content.decode()
    assert "She rang.</textarea>" in response.content.decode()


@pytest.mark.parametrize("how", ["withdraw", "withdraw_consent", "both", "stale page"])
def test_what_the_patient_withdrew_is_reopened_by_no_one(client, carla, how):
    inquiry = an_inquiry()
    if how in ("both", "stale page"):
        actions.change_status(inquiry, to="withdrawn", note="She rang.", by=carla)
    if how in ("withdraw", "stale page"):
        actions.withdraw(inquiry)
    else:
        actions.withdraw_consent(inquiry, purpose=STORE_HEALTH_DATA)

    assert "This status is final." in html_of(client, inquiry)
    response = client.post(page_of(inquiry, "status"), {"to": "in_triage"})
    assert response.status_code == 409
    assert Inquiry.objects.get().status == "withdrawn"


@pytest.mark.parametrize("steps", [("in_triage",), ("in_triage", "answered")])
def test_a_withdrawal_that_was_taken_back_owes_what_was_owed_before(steps):
    inquiry, carla = an_inquiry(), a_coordinator()
    for step in [*steps, "withdrawn"]:
        actions.change_status(inquiry, to=step, note="On the phone.", by=carla)
    due = inquiry.due_at
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        actions.change_status(inquiry, to="in_triage", by=carla)

        assert (inquiry.status, inquiry.closed_at) == ("in_triage", None)
        assert inquiry.is_overdue == (steps == ("in_triage",))
    assert (inquiry.due_at == due) == (steps == ("in_triage",))
