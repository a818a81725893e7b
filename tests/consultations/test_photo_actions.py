"""Photos are stored encrypted, limited in number, and erased with their request."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from consultations import actions
from consultations.models import Attachment, Inquiry, RateLimit
from consultations.photos import PhotoRefused
from gutskin import limits
from gutskin.audit.models import AuditEvent
from gutskin.encryption.cipher import DecryptionFailed, key_id_of
from gutskin.mail.models import Notification
from tests.at_once import together
from tests.consultations.factories import ANSWERS, an_inquiry
from tests.consultations.photo_files import clean_photo
from tests.consultations.upload_zoo import a_jpeg

KEY = uuid.UUID("5b0cf0b4-8e0f-4b7c-8a43-5f2d6c0f6a11")
HERE = "192.0.2.1"


@pytest.mark.django_db
def test_a_photo_is_stored_encrypted():
    photo = actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE)

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM consultations_attachment")
        stored = bytes(cursor.fetchone()[0])
    assert key_id_of(stored) == "test1"
    assert b"JFIF" not in stored
    stored = Attachment.objects.get()
    assert stored.content == clean_photo(a_jpeg()).content
    assert (stored.width, stored.height, stored.size) == (640, 480, len(stored.content))
    assert photo == stored


@pytest.mark.django_db
def test_a_photo_that_was_altered_or_moved_cannot_be_decrypted():
    one = actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE)
    other = actions.add_draft(a_jpeg((320, 240)), draft_key=KEY, address=HERE)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultations_attachment SET content = (SELECT content FROM consultations_attachment WHERE id = %s)"
            " WHERE id = %s",
            [one.pk, other.pk],
        )
    assert Attachment.objects.get(pk=one.pk).content
    with pytest.raises(DecryptionFailed):
        _ = Attachment.objects.get(pk=other.pk).content


@pytest.mark.django_db
def test_the_same_file_sent_again_is_one_photo():
    first = actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE)
    again = actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE)

    assert (again, Attachment.objects.count()) == (first, 1)
    # One file, and its pixels: less than a million.
    assert [count.count for count in RateLimit.objects.all()] == [1, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("file_database")
def test_a_file_sent_twice_at_the_same_moment_is_one_photo():
    places = limits.PHOTOS_AT_ONCE
    results = together(places, lambda number: actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE))

    assert {type(result) for result in results} == {Attachment}
    assert len({result.pk for result in results}) == Attachment.objects.count() == 1


@pytest.mark.django_db
def test_a_sixth_photo_is_refused():
    for number in range(limits.MOST_PHOTOS):
        actions.add_draft(a_jpeg((100 + number, 100)), draft_key=KEY, address=HERE)
    with pytest.raises(PhotoRefused, match="5 photos"):
        actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE)
    assert Attachment.objects.count() == limits.MOST_PHOTOS


@pytest.mark.django_db
@time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False)
def test_one_address_can_send_thirty_files_an_hour_valid_or_not():
    for number in range(limits.PHOTOS_PER_HOUR):
        with pytest.raises(PhotoRefused, match="We cannot open"):
            actions.add_draft(f"It itches {number}.".encode(), draft_key=KEY, address=HERE)
    with pytest.raises(PhotoRefused, match="after 11:00"):
        actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE)
    assert actions.add_draft(a_jpeg(), draft_key=KEY, address="192.0.2.2")


@pytest.mark.django_db
@time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False)
def test_one_address_can_have_so_many_pixels_decoded_in_an_hour(monkeypatch):
    monkeypatch.setattr("gutskin.limits.PHOTO_PIXELS_PER_HOUR", 1_000_000)
    for number in range(2):
        # 600,000 pixels that no camera made: what is refused after it was decoded is counted too.
        with pytest.raises(PhotoRefused, match="damaged"):
            actions.add_draft(a_jpeg((800, 750 + number))[:-300], draft_key=KEY, address=HERE)
    with pytest.raises(PhotoRefused, match="after 11:00"):
        actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE)
    assert actions.add_draft(a_jpeg(), draft_key=KEY, address="192.0.2.2")


@pytest.mark.django_db
@time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False)
@pytest.mark.parametrize("limit", ["PHOTOS_PER_HOUR", "PHOTO_PIXELS_PER_HOUR"])
def test_a_rented_network_of_ipv6_is_limited_as_a_whole(limit, monkeypatch):
    """Each of its 65,536 households would have the limit of one, but all come from one /48."""
    monkeypatch.setattr("gutskin.limits.TIMES_PER_IPV6_48", 2)
    monkeypatch.setattr(f"gutskin.limits.{limit}", 1)

    def upload(address):
        return actions.add_draft(a_jpeg(), draft_key=uuid.uuid4(), address=address)

    taken = 0
    with pytest.raises(PhotoRefused, match="after 11:00"):
        for household in range(10):
            upload(f"2001:db8:1:{household:x}::1")
            taken += 1
    assert taken < 5
    assert upload("2001:db8:2::1")
    assert upload("::ffff:192.0.2.1")


@pytest.mark.django_db
def test_the_photos_of_the_form_become_those_of_the_request(django_assert_num_queries):
    photo = actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE)
    strangers = actions.add_draft(a_jpeg(), draft_key=uuid.uuid4(), address=HERE)

    inquiry = actions.submit_inquiry(key=KEY, condition=None, answers=ANSWERS, address=HERE)

    assert list(inquiry.attachments.all()) == [photo]
    assert inquiry.attachments.get().content == photo.content
    assert inquiry.attachments.get().draft_key is None
    strangers.refresh_from_db()
    assert strangers.inquiry is None
    with django_assert_num_queries(1):
        assert actions.attach_drafts(inquiry, KEY) == 0


@pytest.mark.django_db
def test_only_the_first_five_drafts_are_taken_over():
    inquiry = an_inquiry()
    for number in range(limits.MOST_PHOTOS + 1):
        photo = Attachment(draft_key=KEY, content=b"x", width=1, height=1, size=1, upload_digest=str(number))
        photo.save()
    assert actions.attach_drafts(inquiry, KEY) == limits.MOST_PHOTOS
    assert Attachment.objects.of_draft(KEY).get().upload_digest == str(limits.MOST_PHOTOS)


@pytest.mark.django_db
def test_a_request_that_is_not_stored_takes_over_no_photo(monkeypatch):
    actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE)

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(AuditEvent, "save", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.submit_inquiry(key=KEY, condition=None, answers=ANSWERS, address=HERE)
    assert Attachment.objects.get().draft_key == KEY


@pytest.mark.django_db
def test_a_photo_added_later_notifies_staff_and_is_recorded():
    inquiry = an_inquiry()
    inquiry.status, inquiry.due_at = "waiting_for_patient", inquiry.due_at - timedelta(days=1)
    inquiry.save()
    before = inquiry.due_at

    for size in (100, 200):
        actions.add_photo(inquiry, a_jpeg((size, size)), address=HERE)

    inquiry = Inquiry.objects.get()
    assert (inquiry.status, inquiry.attachments.count()) == ("in_triage", 2)
    assert inquiry.due_at > before
    assert Notification.objects.filter(kind="patient_notice").count() == 1
    events = AuditEvent.objects.filter(action="photo_added")
    assert {(event.actor, event.reference, event.detail) for event in events} == {("patient", inquiry.reference, "")}
    assert len(events) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["withdrawn", "spam"])
def test_a_stopped_request_accepts_no_photo(status):
    inquiry = an_inquiry()
    Inquiry.objects.update(status=status, closed_at=inquiry.received_at)
    inquiry.refresh_from_db()
    with pytest.raises(PhotoRefused, match="was stopped"):
        actions.add_photo(inquiry, a_jpeg(), address=HERE)
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_removed_photo_is_deleted_and_that_is_recorded():
    inquiry = an_inquiry()
    photo = actions.add_photo(inquiry, a_jpeg(), address=HERE)

    assert actions.remove_photo(inquiry, photo.public_id) is True
    assert actions.remove_photo(inquiry, photo.public_id) is False

    assert not Attachment.objects.exists()
    assert AuditEvent.objects.filter(action="photo_removed", actor="patient").count() == 1


@pytest.mark.django_db
def test_on_legal_hold_no_photo_is_erased():
    inquiry = an_inquiry()
    photo = actions.add_photo(inquiry, a_jpeg(), address=HERE)
    Inquiry.objects.update(held_at=inquiry.received_at)
    with pytest.raises(actions.PhotoOnHold):
        actions.remove_photo(inquiry, photo.public_id)
    assert Attachment.objects.exists()


@pytest.mark.django_db
def test_a_photo_of_another_request_cannot_be_removed():
    mine, other = an_inquiry(), an_inquiry(address="192.0.2.9")
    photo = actions.add_photo(other, a_jpeg(), address=HERE)
    draft = actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE)

    assert actions.remove_photo(mine, photo.public_id) is False
    actions.remove_draft(draft.public_id, draft_key=uuid.uuid4())
    actions.remove_draft(photo.public_id, draft_key=KEY)

    assert Attachment.objects.count() == 2


@pytest.mark.django_db
def test_drafts_are_abandoned_after_a_day():
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False):
        photo = actions.add_draft(a_jpeg(), draft_key=KEY, address=HERE)
    with time_machine.travel(datetime(2026, 11, 24, 9, 59, tzinfo=UTC), tick=False):
        assert not Attachment.objects.abandoned().exists()
    with time_machine.travel(datetime(2026, 11, 24, 10, 1, tzinfo=UTC), tick=False):
        assert Attachment.objects.abandoned().get() == photo
