import io
import json
import uuid
import zipfile

import pytest
from django.db import connection

from consultations import actions
from consultations.models import RedFlagResult
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import ANSWERS, a_clinician, a_stored_photo, an_article, an_inquiry
from tests.consultations.visits import in_a_visit
from tests.fhir.schema import broken_rules, errors

pytestmark = pytest.mark.django_db
DOWNLOAD = "/consult/status/download/"


@pytest.fixture
def inquiry():
    inquiry = an_inquiry(condition=an_article())
    david = a_clinician()
    actions.reply(inquiry, text="Bread is rarely the cause.", key=uuid.uuid4(), by=david)
    actions.receive_message(inquiry, text="Thank you <kindly>.", key=uuid.uuid4())
    actions.add_note(inquiry, text="Ask about the whey.", by=david)
    actions.record_view(inquiry, by=david)
    return inquiry


@pytest.fixture
def patient(client, inquiry):
    return in_a_visit(client, inquiry)


def unzipped(response):
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_file_contains_everything_for_people_and_for_programs(patient, inquiry):
    a_stored_photo(inquiry, content=b"\xff\xd8first")
    a_stored_photo(inquiry, content=b"\xff\xd8second")
    files = unzipped(patient.post(DOWNLOAD, {"file": "zip"}))

    assert list(files) == [
        "my-request.txt",
        "my-request.json",
        "my-request.fhir.json",
        "photos/photo-1.jpg",
        "photos/photo-2.jpg",
    ]
    assert (files["photos/photo-1.jpg"], files["photos/photo-2.jpg"]) == (b"\xff\xd8first", b"\xff\xd8second")
    held = json.loads(files["my-request.json"])
    answers = {answer["field"]: answer["answer"] for answer in held["answers"]}
    for name in ("name", "email", "skin_problem", "gut_details", "tried", "question"):
        assert answers[name] == ANSWERS[name]
        assert ANSWERS[name] in files["my-request.txt"].decode()
    assert answers["gut_symptoms"] == "Bloating or wind, Tummy pain or cramps"
    assert held["topic"] == "Psoriasis"
    assert [message["text"] for message in held["messages"]] == ["Bread is rarely the cause.", "Thank you <kindly>."]
    assert held["consents"][0]["purpose"] == "store_health_data"
    assert held["opened_by"][0]["done"] == ["opened your request"]
    assert [mail["kind"] for mail in held["mails"]] == ["receipt", "reply_notice"]
    assert [photo["file"] for photo in held["photos"]] == ["photos/photo-1.jpg", "photos/photo-2.jpg"]


def test_the_text_file_is_readable(patient):
    text = unzipped(patient.post(DOWNLOAD))["my-request.txt"].decode()

    assert "Thank you <kindly>." in text
    assert "{{" not in text
    assert "{%" not in text


def test_internal_notes_are_counted_but_not_included(patient):
    files = unzipped(patient.post(DOWNLOAD))

    assert b"whey" not in b"".join(files.values())
    assert json.loads(files["my-request.json"])["internal_notes_not_included"] == 1
    assert "1 internal note" in files["my-request.txt"].decode()


def test_the_file_contains_no_username_and_no_secret(patient, inquiry):
    RedFlagResult.objects.create(inquiry=inquiry, rules="blood", version="1", acknowledged_at=inquiry.received_at)
    everything = b"".join(unzipped(patient.post(DOWNLOAD)).values()).decode()

    for secret in ("david", str(inquiry.idempotency_key), inquiry.receipt_digest, inquiry.email_index):
        assert secret not in everything
    assert '"rules": "blood"' in everything


def test_the_download_for_a_health_record_is_fhir(patient):
    response = patient.post(DOWNLOAD, {"file": "fhir"})
    bundle = json.loads(response.content)

    assert response.headers["Content-Type"] == "application/fhir+json"
    assert errors(bundle) == []
    assert list(broken_rules(bundle)) == []


@pytest.mark.parametrize(
    "file, name", [("zip", "my-request.zip"), ("fhir", "my-request.fhir.json"), ("x", "my-request.zip")]
)
def test_file_names_reveal_nothing(patient, file, name):
    response = patient.post(DOWNLOAD, {"file": file})

    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in response.headers["Cache-Control"]


def test_each_download_is_recorded(patient, inquiry):
    patient.post(DOWNLOAD, {"file": "fhir"})
    event = AuditEvent.objects.first()

    assert (event.action, event.actor, event.reference, event.detail) == (
        "downloaded",
        "patient",
        inquiry.reference,
        "fhir",
    )


def test_a_download_that_cannot_be_recorded_is_refused(patient, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(AuditEvent, "save", broken)
    with pytest.raises(RuntimeError):
        patient.post(DOWNLOAD)


def test_a_text_that_cannot_be_decrypted_holds_back_nothing_else(patient, inquiry):
    photo = a_stored_photo(inquiry)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consultations_message SET text = 'broken'")
        cursor.execute("UPDATE consultations_attachment SET content = %s WHERE id = %s", [b"broken", photo.pk])
    files = unzipped(patient.post(DOWNLOAD))

    assert json.loads(files["my-request.json"])["messages"][0]["text"] is None
    assert "photos/photo-1.jpg" not in files
    assert errors(json.loads(files["my-request.fhir.json"])) == []


def test_thirty_messages_cost_as_many_queries_as_three(patient, inquiry, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("gutskin.limits.MESSAGES_PER_HOUR", 100)

    def write(count):
        for number in range(count):
            actions.receive_message(inquiry, text=f"Thank you {number}.", key=uuid.uuid4())

    write(3)
    with django_assert_num_queries(QUERIES):
        patient.post(DOWNLOAD)
    write(27)
    with django_assert_num_queries(QUERIES):
        patient.post(DOWNLOAD)


# The visit, the event (6), messages, photos twice, consents, warning signs twice, events twice, people, groups, mails,
# notes, the topic's title.
QUERIES = 16
