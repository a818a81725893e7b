"""What the privacy lead reads besides the audit log: reasons to read a story, and certificates of erasure."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import CASCADE
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.admin.hold_and_erase import COUNTED
from consultations.models import Inquiry, PurgeCertificate, StoryAccess
from gutskin.audit.hash_chain import record
from tests.audit_log import newest
from tests.consultations.factories import a_coordinator, a_superuser, an_inquiry

pytestmark = pytest.mark.django_db
REASONS = "/admin/consultations/storyaccess/"
CERTIFICATES = "/admin/consultations/purgecertificate/"


def a_reason(inquiry, user, **fields):
    fields = {"reason": "patient_called", "explanation": "She rang at nine.", **fields}
    return StoryAccess.objects.create(inquiry=inquiry, user=user, ends_at=timezone.now() + timedelta(hours=1), **fields)


def test_reasons_are_listed_without_their_explanations(client, petra):
    inquiry = an_inquiry()
    a_reason(inquiry, a_coordinator())
    a_reason(inquiry, a_superuser(), reason="fault")

    html = client.get(REASONS).content.decode()

    assert "The patient called or wrote about it" in html
    assert "A technical fault with this request" in html
    assert html.count("broke the glass") == 1
    assert "She rang" not in html
    assert (newest().action, newest().detail) == ("audit_viewed", "reasons")


def test_explanations_are_read_one_at_a_time_and_each_reading_is_recorded(client, petra):
    inquiry = an_inquiry()
    access = a_reason(inquiry, a_coordinator())

    html = client.get(f"{REASONS}{access.public_id}/").content.decode()

    assert "She rang at nine." in html
    assert "elbows" not in html
    assert (newest().actor, newest().reference, newest().detail) == ("petra", inquiry.reference, "explanation")


def test_a_superuser_does_not_read_explanations(client):
    root = a_superuser()
    access = a_reason(an_inquiry(), root)
    client.force_login(root)

    assert str(access.public_id) not in client.get(REASONS).content.decode()
    assert client.get(f"{REASONS}{access.public_id}/").status_code == 404
    assert newest().detail == "reasons"


def test_an_explanation_that_cannot_be_decrypted_says_so(client, petra):
    access = a_reason(an_inquiry(), a_coordinator())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consultations_storyaccess SET explanation = 'rubbish'")

    response = client.get(f"{REASONS}{access.public_id}/")

    assert response.status_code == 200
    assert "This explanation cannot be decrypted." in response.content.decode()


def test_certificates_are_read_only_and_in_words(client, petra):
    certificate = PurgeCertificate.objects.create(
        cause="retention", counts={"Inquiry": 2, "Gone": 1}, references=["GS-7K2M-9QXA", "GS-7K2M-9QXB"]
    )

    listed = client.get(CERTIFICATES).content.decode()
    page = client.get(f"{CERTIFICATES}{certificate.pk}/change/").content.decode()

    assert "1 Gone, 2 requests" in listed
    assert "GS-7K2M-9QXA" not in listed
    assert "GS-7K2M-9QXA, GS-7K2M-9QXB" in page
    assert "its retention period ended" in page
    assert 'name="_save"' not in page
    for way in ("add/", f"{certificate.pk}/delete/"):
        assert client.post(CERTIFICATES + way).status_code == 403
    assert client.post(f"{CERTIFICATES}{certificate.pk}/change/", {"cause": "patient"}).status_code == 403
    assert client.get(f"{CERTIFICATES}{certificate.pk}/history/").status_code == 302


def test_whatever_is_erased_with_a_request_has_words_on_the_certificate():
    def erased_with(model):
        for relation in model._meta.related_objects:
            if relation.on_delete is CASCADE:
                yield relation.related_model.__name__
                yield from erased_with(relation.related_model)

    # By generic relations, and without deleting the event.
    others = {"Inquiry", "Notification", "Draft", "AuditEvent detail"}

    assert set(COUNTED) == others | set(erased_with(Inquiry))


@pytest.mark.parametrize("address", ["/admin/audit/auditevent/", REASONS, CERTIFICATES])
def test_thirty_rows_cost_what_three_do(client, petra, address):
    inquiry, carla = an_inquiry(), a_coordinator()

    def add(count):
        for _number in range(count):
            record("viewed", by="carla", reference=inquiry.reference)
            a_reason(inquiry, carla)
            PurgeCertificate.objects.create(cause="patient", counts={"Inquiry": 1}, references=["GS-7K2M-9QXA"])

    add(3)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    add(27)
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(few) <= 16
    assert address != "/admin/audit/auditevent/" or not [query for query in many if "COUNT(" in query["sql"]]


def test_the_permissions_are_those_of_the_privacy_lead_alone():
    for codename in ("view_auditevent", "view_purgecertificate"):
        groups = Permission.objects.get(codename=codename).group_set.values_list("name", flat=True)
        assert list(groups) == ["Privacy lead"]
