"""Legal hold, and erasing a request because the patient asked for it."""

import pytest

from consultations import actions
from consultations.models import Inquiry, Note, PurgeCertificate
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import a_clinician, an_inquiry
from tests.consultations.staff_pages import STORY, html_of, page_of
from tests.staff_session import older_login

pytestmark = pytest.mark.django_db


def test_a_legal_hold_saves_its_reason_as_a_note_and_can_be_lifted(client, carla):
    inquiry = an_inquiry()
    hold = {"text": "A complaint is under way.", "step": "hold"}
    client.post(page_of(inquiry, "hold"), hold)

    assert Inquiry.objects.get().held_at is not None
    assert [note.text for note in Note.objects.all()] == ["A complaint is under way."]
    assert ">Legal hold</span>" in html_of(client, inquiry)
    assert "already on legal hold" in client.post(page_of(inquiry, "hold"), hold).content.decode()

    client.post(page_of(inquiry, "hold"), {"text": "It is settled.", "step": "release"})
    assert Inquiry.objects.get().held_at is None
    acts = AuditEvent.objects.filter(action__in=["held", "released"]).order_by("sequence")
    assert [(event.action, event.detail) for event in acts] == [("held", ""), ("released", "")]


def test_a_hold_needs_a_reason(client, carla):
    response = client.post(page_of(an_inquiry(), "hold"), {"text": " ", "step": "hold"})

    assert "Write the reason first." in response.content.decode()
    assert Inquiry.objects.get().held_at is None


@pytest.mark.parametrize("step", ["hold", "erase"])
def test_a_clinician_can_neither_hold_nor_erase(client, david, step):
    inquiry = an_inquiry()
    form = {"text": "I say so.", "step": "hold", "reference": inquiry.reference}

    assert client.post(page_of(inquiry, step), form).status_code == 403
    assert Inquiry.objects.get().held_at is None
    assert "Legal hold and erasing" not in html_of(client, inquiry)


def test_erasing_needs_a_second_page_and_the_reference(client, carla):
    inquiry = an_inquiry()
    actions.assign(inquiry, to=a_clinician(), note="Hers.", by=carla)
    page = client.get(page_of(inquiry, "erase")).content.decode()
    assert "This cannot be undone" in page
    assert not [text for text in STORY if text in page]

    wrong = client.post(page_of(inquiry, "erase"), {"reference": "GS-AAAA-AAAA"})
    assert "This is not the reference" in wrong.content.decode()
    assert Inquiry.objects.exists()

    done = client.post(page_of(inquiry, "erase"), {"reference": inquiry.reference.lower()}, follow=True)
    assert f"{inquiry.reference} is erased." in done.content.decode()
    assert not Inquiry.objects.exists()
    assert not Note.objects.exists()
    assert PurgeCertificate.objects.get().cause == "patient"
    assert AuditEvent.objects.get(action="erased").actor == "carla"


def test_erasing_needs_a_recent_login(client, carla):
    inquiry = an_inquiry()
    older_login(client, carla)

    response = client.post(page_of(inquiry, "erase"), {"reference": inquiry.reference})

    assert response.headers["Location"].startswith("/accounts/")
    assert Inquiry.objects.exists()


def test_a_request_on_legal_hold_is_not_erased(client, carla):
    inquiry = an_inquiry()
    actions.hold(inquiry, reason="A complaint.", by=carla)

    assert "on legal hold" in client.get(page_of(inquiry, "erase")).content.decode()
    response = client.post(page_of(inquiry, "erase"), {"reference": inquiry.reference})

    assert response.status_code == 409
    assert Inquiry.objects.exists()
    with pytest.raises(actions.OnHold):
        actions.erase_for_patient(inquiry, by=carla)
