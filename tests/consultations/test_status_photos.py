"""Photos on the status page: added, seen and removed during a visit to their request."""

import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from consultations import actions
from consultations.actions import photos as photo_actions
from consultations.models import Attachment, Inquiry
from gutskin import limits
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import an_inquiry, posted
from tests.consultations.photo_files import a_file, text_of
from tests.consultations.upload_zoo import a_jpeg
from tests.consultations.visits import on_the_page_of

pytestmark = pytest.mark.django_db
PHOTOS = "/consult/status/photos/"
KEY = posted()["key"]


@pytest.fixture
def inquiry(client):
    """A request whose visit is open in `client`."""
    inquiry = an_inquiry()
    client.cookies["visit"] = actions.begin_visit(inquiry, "code")
    on_the_page_of(client, inquiry)
    return inquiry


def test_photos_are_added_seen_and_removed_in_a_visit(client, inquiry):
    response = client.post(PHOTOS, {"photos": [a_file()]})
    assert response.headers["Location"] == "/consult/status/#photos"
    photo = inquiry.attachments.get()

    html = client.get(PHOTOS).content.decode()
    large, small = f"{PHOTOS}{photo.public_id}/", f"{PHOTOS}{photo.public_id}/small/"
    assert f'href="{large}?for_request=' in html
    assert f'src="{small}"' in html
    assert client.get(large).content == photo.content
    assert len(client.get(small).content) < len(photo.content)

    client.post(PHOTOS, {"remove_photo": str(photo.public_id)})
    assert client.get(large).status_code == 404
    assert [event.action for event in AuditEvent.objects.filter(action__startswith="photo").order_by("pk")] == [
        "photo_added",
        "photo_removed",
    ]


def test_photos_open_only_in_a_visit_to_their_request(client, inquiry):
    other = an_inquiry(address="192.0.2.9")
    photo = actions.add_photo(other, a_jpeg(), address="192.0.2.9")
    address = f"{PHOTOS}{photo.public_id}/"

    assert client.get(address).status_code == 404
    assert client.get(f"{address}small/").status_code == 404
    client.post(PHOTOS, {"remove_photo": str(photo.public_id)})
    assert other.attachments.exists()
    assert Client().get(address).status_code == 404


def test_a_draft_has_no_address(client, inquiry):
    draft = actions.add_draft(a_jpeg(), draft_key=uuid.UUID(KEY), address="192.0.2.9")
    assert client.get(f"{PHOTOS}{draft.public_id}/").status_code == 404


def test_an_image_has_safe_headers(client, inquiry):
    photo = actions.add_photo(inquiry, a_jpeg(), address="192.0.2.9")
    headers = client.get(f"{PHOTOS}{photo.public_id}/").headers

    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"] == "inline"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_without_a_visit_the_code_is_asked_for(client):
    an_inquiry()
    assert client.get(PHOTOS).headers["Location"] == "/consult/status/"
    assert client.post(PHOTOS, {"photos": [a_file()]}).headers["Location"] == "/consult/status/"
    assert client.post(PHOTOS, {"photos": [a_file()], "fragment": "1"}).status_code == 403
    assert not Attachment.objects.exists()


def test_a_refused_photo_is_explained_on_the_page(client, inquiry):
    response = client.post(PHOTOS, {"photos": [a_file(), a_file("letter.pdf", b"%PDF-1.7")]})
    assert "File 2, “letter.pdf”: This is a PDF document." in text_of(response)
    assert inquiry.attachments.count() == 1
    html = response.content.decode()
    assert '<div class="error-summary" role="alert" tabindex="-1" autofocus' in html
    assert '<li><a href="#id_photos">File 2, ' in html
    assert re.search(r'<input type="file" [^>]*id="id_photos"', html)
    assert html.count("autofocus") == 1


def test_an_error_on_a_stopped_request_has_no_link(client, inquiry):
    photo = actions.add_photo(inquiry, a_jpeg(), address="192.0.2.9")
    Inquiry.objects.update(held_at=timezone.now())
    actions.withdraw(inquiry)
    html = client.post(PHOTOS, {"remove_photo": str(photo.public_id)}).content.decode()

    assert '<div class="error-summary" role="alert" tabindex="-1" autofocus' in html
    assert "#id_photos" not in html
    assert inquiry.attachments.exists()


def test_the_page_decrypts_no_photo_and_five_cost_the_same(client, inquiry, django_assert_num_queries, monkeypatch):
    def closed(*args, **kwargs):
        raise AssertionError("a photo was opened")

    def queries(count):
        while inquiry.attachments.count() < count:
            size = 100 + inquiry.attachments.count()
            actions.add_photo(inquiry, a_jpeg((size, size)), address="192.0.2.9")
        with monkeypatch.context() as patch, django_assert_num_queries(2):
            patch.setattr("gutskin.encryption.fields.decrypt_bytes", closed)
            client.get(PHOTOS)

    queries(1)
    queries(limits.MOST_PHOTOS)


@pytest.mark.usefixtures("inquiry")
def test_a_csrf_token_is_required():
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["visit"] = actions.begin_visit(Inquiry.objects.get(), "code")
    assert strict.post(PHOTOS, {"photos": [a_file()]}).status_code == 403
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("form", [{"photos": "a file"}, {"remove_photo": str(uuid.uuid4())}])
def test_a_request_erased_at_the_same_moment_asks_for_the_code(client, inquiry, monkeypatch, form):
    """It is erased between the look-up of the visit and the change."""
    lock = photo_actions.lock

    def erased_first(inquiry):
        Inquiry.objects.all().delete()
        lock(inquiry)

    monkeypatch.setattr(photo_actions, "lock", erased_first)
    response = client.post(PHOTOS, form | ({"photos": a_file()} if "photos" in form else {}))

    assert (response.status_code, response.headers["Location"]) == (302, "/consult/status/")


def test_the_photo_page_closes_with_its_visit_and_can_be_left_quickly(client, inquiry):
    html = client.get(PHOTOS).content.decode()

    assert 'action="/consult/status/leave/"' in html
    assert 'data-seconds="1800"' in html or 'data-seconds="1801"' in html
    assert '<noscript><meta http-equiv="refresh" content="180' in html


@pytest.mark.parametrize("button", ["photos", "remove_photo", "add_photos"])
def test_without_the_script_a_photo_button_hands_the_message_back(client, inquiry, button):
    sent = {"photos": [a_file()], "remove_photo": str(uuid.uuid4()), "add_photos": "1"}[button]
    response = client.post(PHOTOS, {"text": "It itches at night.", "key": KEY, button: sent})

    assert response.status_code == 200
    assert ">\nIt itches at night.</textarea>" in response.content.decode()
    assert "Your message has not been sent yet" in text_of(response)
    assert inquiry.attachments.count() == (button == "photos")
    assert not inquiry.messages.exists()


def test_a_refused_photo_hands_the_message_back_too(client, inquiry):
    response = client.post(PHOTOS, {"text": "It itches at night.", "key": KEY, "photos": [a_file(content=b"no")]})

    assert ">\nIt itches at night.</textarea>" in response.content.decode()
    assert text_of(response).count("File 1, ") == 2


def test_without_the_script_a_message_takes_the_chosen_photos_along(client, inquiry):
    client.post("/consult/status/message/", {"text": "It itches.", "key": KEY, "photos": [a_file()]})

    assert inquiry.messages.count() == inquiry.attachments.count() == 1


def test_a_message_is_sent_though_its_photo_is_refused(client, inquiry):
    message = {"text": "It itches.", "key": KEY, "photos": [a_file(content=b"no")]}
    response = client.post("/consult/status/message/", message)

    assert inquiry.messages.count() == 1
    assert "Your message is with us." in text_of(response)
    assert "Your message is with us, but not every photo" in text_of(response)


def test_words_beside_photos_survive_the_end_of_the_visit(client, inquiry):
    client.cookies["visit"] = "over"
    response = client.post(PHOTOS, {"text": "It itches at night.", "key": KEY, "photos": [a_file()]})

    assert 'name="text" value="It itches at night."' in response.content.decode()


@pytest.mark.parametrize(("visit", "status"), [("over", 403), ("other", 409)])
def test_a_photo_that_came_too_late_says_where_to_enter_the_code(client, inquiry, visit, status):
    other = actions.begin_visit(an_inquiry(address="192.0.2.9"), "code")
    client.cookies["visit"] = other if visit == "other" else "over"
    response = client.post(PHOTOS, {"photos": [a_file()], "fragment": "1"})

    assert response.status_code == status
    assert '<a href="/consult/status/" data-photo-way>Enter my code</a>' in response.content.decode()
