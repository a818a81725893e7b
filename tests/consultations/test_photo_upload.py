"""Photos on the form, with and without the script."""

import re
import uuid
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from consultations import actions
from consultations.forms.photos import PhotoQuestion
from consultations.models import Attachment, Inquiry
from consultations.photos.upload import PhotoUploadHandler
from gutskin import limits
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import posted, shows_the_answers
from tests.consultations.form_pages import advice_read_on
from tests.consultations.photo_files import a_file, photo_ids_on, some_files, text_of
from tests.consultations.upload_zoo import GOOD, REFUSED, a_jpeg
from tests.pages import Page
from tests.silent_database import silent_database

pytestmark = pytest.mark.django_db
FORM, SCRIPT = "/consult/", "/consult/photos/"
KEY = posted()["key"]


@pytest.fixture
def no_database():
    with silent_database():
        yield


# The form


def test_the_photo_question_states_the_limits(client):
    html = client.get(FORM).content.decode()
    page = Page(html)

    (box,) = page.all("input", type="file")
    assert (box["id"], box["name"]) == ("id_photos", "photos")
    assert "multiple" in box
    assert "image/heic" in box["accept"]
    assert page.all("label", **{"for": "id_photos"})
    assert box["aria-describedby"] in html
    assert 'enctype="multipart/form-data"' in html
    assert f"Up to {limits.MOST_PHOTOS} photos" in str(PhotoQuestion().help_text)
    assert f"{limits.LARGEST_PHOTO_BYTES // 10**6} MB" in str(PhotoQuestion().help_text)


def test_enter_in_a_text_field_sends_the_form_and_removes_no_photo(client):
    response = client.post(FORM, posted(photos=[a_file()], name=""))
    buttons = re.findall(r"<button[^>]*>", response.content.decode().partition('enctype="multipart')[2])
    assert "name=" not in buttons[0]


def test_photos_come_with_the_form_and_belong_to_the_request(client):
    response = client.post(FORM, posted(photos=some_files(2)))

    assert response.status_code == 302
    assert Inquiry.objects.get().attachments.count() == 2
    assert not Attachment.objects.filter(inquiry=None).exists()


def test_photos_posted_twice_are_stored_once(client):
    for _ in range(2):
        client.post(FORM, posted(photos=[a_file()]))
    assert Inquiry.objects.get().attachments.count() == 1


def test_a_photo_that_is_added_when_the_form_is_sent_again_belongs_to_the_request(client):
    for which in (slice(1), slice(2), slice(2, None)):
        photos = some_files(limits.MOST_PHOTOS + 1)[which]
        assert client.post(FORM, posted(photos=photos)).status_code == 302

    assert Inquiry.objects.get().attachments.count() == limits.MOST_PHOTOS


@pytest.mark.parametrize("status", ["new", "answered", "closed"])
def test_photos_of_a_form_that_is_sent_again_are_news_like_any_photo(client, status):
    client.post(FORM, posted())
    now = timezone.now()
    over = {"closed_at": now} if status == "closed" else {}
    Inquiry.objects.update(status=status, answered_at=None if status == "new" else now, **over)
    client.post(FORM, posted(photos=some_files(2)))

    inquiry = Inquiry.objects.get()
    assert inquiry.attachments.count() == 2
    assert AuditEvent.objects.filter(action="photo_added", reference=inquiry.reference).count() == 2
    assert inquiry.notifications.filter(kind="patient_notice").count() == 1
    assert inquiry.status == ("new" if status == "new" else "in_triage")
    # The same photos once more are no news.
    client.post(FORM, posted(photos=some_files(2)))
    assert AuditEvent.objects.filter(action="photo_added").count() == 2
    assert "Not all of the photos" not in text_of(client.get("/consult/received/"))


def test_photos_that_a_request_no_longer_takes_are_not_dropped_silently(client):
    client.post(FORM, posted(photos=some_files(limits.MOST_PHOTOS)))
    client.post(FORM, posted(photos=[a_file(content=a_jpeg((90, 90)))]))
    assert "Not all of the photos that you sent again were added" in text_of(client.get("/consult/received/"))
    assert Inquiry.objects.get().attachments.count() == limits.MOST_PHOTOS

    Attachment.objects.all().delete()
    actions.withdraw(Inquiry.objects.get())
    client.post(FORM, posted(photos=some_files(1)))
    assert "Not all of the photos that you sent again were added" in text_of(client.get("/consult/received/"))
    assert not Inquiry.objects.get().attachments.exists()


def test_an_error_in_another_field_loses_no_photo(client):
    response = client.post(FORM, posted(name="", photos=some_files(2)))

    assert response.status_code == 200
    assert len(photo_ids_on(response)) == 2
    assert response.content.decode().count("data:image/jpeg;base64,") == 2
    client.post(FORM, posted())
    assert Inquiry.objects.get().attachments.count() == 2


def test_one_bad_file_loses_neither_the_others_nor_the_answers(client):
    files = [a_file(), a_file("letter.pdf", REFUSED["letter.pdf"][0]()), a_file("two.jpg", a_jpeg((200, 200)))]

    response = client.post(FORM, posted(photos=files))

    assert len(photo_ids_on(response)) == 2
    assert shows_the_answers(response)
    assert "File 2, “letter.pdf”: This is a PDF document." in text_of(response)
    assert 'href="#id_photos"' in response.content.decode()
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("name", REFUSED)
def test_every_refusal_is_a_sentence_on_the_form(client, name):
    response = client.post(FORM, posted(photos=[a_file(name, REFUSED[name][0]())]))

    assert response.status_code == 200
    # For an empty file, browsers send a name and nothing else.
    assert f"File 1, “{name}”: " in text_of(response)
    assert not Attachment.objects.exists()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_every_valid_sample_is_accepted_with_the_form(client):
    for name, make in GOOD.items():
        key = str(uuid.uuid4())
        answer = client.post(SCRIPT, {"key": key, "photos": a_file(name, make())}, REMOTE_ADDR=f"10.0.0.{len(name)}")
        assert len(photo_ids_on(answer)) == 1, name


def test_a_hostile_file_name_is_shown_as_text(client):
    name = '<img src=x onerror="alert(1)">\u202egpj.exe' + "x" * 300
    response = client.post(FORM, posted(photos=[a_file(name, b"It itches.")]))

    html = response.content.decode()
    assert "<img src=x" not in html
    assert "\u202e" not in html
    assert "x" * 100 not in html
    assert "File 1, “" in html


def test_file_names_are_not_stored(client):
    client.post(FORM, posted(photos=[a_file("canary-elbow-name.jpg")]))
    for model in (Attachment, AuditEvent, Inquiry):
        assert "canary-elbow" not in str(list(model.objects.values()))


def test_a_photo_is_removed_without_a_script_and_nothing_is_validated(client):
    one, two = photo_ids_on(client.post(FORM, posted(name="", photos=some_files(2))))

    response = client.post(FORM, posted(name="", consent=None, remove_photo=one))

    assert photo_ids_on(response) == [two]
    assert "Enter your name" not in response.content.decode()
    assert "Error:" not in response.content.decode()
    assert Attachment.objects.count() == 1
    assert not Inquiry.objects.exists()


def test_photos_are_added_without_a_script_before_the_form_is_filled_in(client):
    response = client.post(FORM, {"key": KEY, "photos": [a_file()], "add_photos": "1"})

    assert len(photo_ids_on(response)) == 1
    assert "Error:" not in response.content.decode()


def test_a_sixth_photo_is_refused(client):
    response = client.post(FORM, posted(photos=some_files(limits.MOST_PHOTOS + 3)))

    assert len(photo_ids_on(response)) == limits.MOST_PHOTOS
    # One sentence for the three of them, in the summary and at the field.
    assert text_of(response).count("You can send 5 photos with one request") == 2
    assert "File 6, “5.jpg”; File 7, “6.jpg”; File 8, “7.jpg”: " in text_of(response)


def test_a_warning_sign_loses_no_photo(client):
    answers = posted(question="My lips and tongue swell and I cannot breathe.", photos=[a_file()])

    advice = client.post(FORM, answers)

    assert not Inquiry.objects.exists()
    client.post(FORM, answers | {"photos": "", "advice_read": advice_read_on(advice)})
    assert Inquiry.objects.get().attachments.count() == 1


def test_an_expired_csrf_token_loses_no_photo():
    client = Client(enforce_csrf_checks=True)

    response = client.post(FORM, posted(photos=[a_file()]))

    assert response.status_code == 403
    assert shows_the_answers(response)
    assert len(photo_ids_on(response)) == 1


@pytest.mark.parametrize("address", [FORM, SCRIPT])
def test_another_website_stores_nothing(address):
    client = Client(enforce_csrf_checks=True)

    response = client.post(address, posted(photos=[a_file()]), headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert not Attachment.objects.exists()


@pytest.mark.usefixtures("no_database")
def test_a_database_failure_keeps_the_answers_and_explains_about_photos():
    response = Client(raise_request_exception=False).post(FORM, posted(photos=[a_file()]))

    assert response.status_code == 503
    assert shows_the_answers(response)
    assert "If you have just added any, please choose them again" in text_of(response)


@time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False)
def test_after_too_many_photos_the_request_can_be_sent_without(client):
    for number in range(limits.PHOTOS_PER_HOUR):
        client.post(SCRIPT, {"key": KEY, "photos": a_file("x.jpg", b"It itches %d." % number)})
    response = client.post(FORM, posted(photos=[a_file()]))
    assert "We received many photos from your internet connection in the last hour" in text_of(response)
    assert "after 11:00" in text_of(response)
    assert client.post(FORM, posted()).status_code == 302


def test_photos_that_are_too_much_together_are_added_one_by_one(client, monkeypatch):
    monkeypatch.setattr("gutskin.limits.PHOTO_PIXELS_PER_FORM", 15_000)

    response = client.post(FORM, posted(name="", photos=some_files(3)))

    assert len(photo_ids_on(response)) == 2
    assert "File 3, “2.jpg”: This photo was too much together with the others" in text_of(response)
    assert len(photo_ids_on(client.post(FORM, posted(name="", photos=some_files(3)[2:])))) == 3


def test_photos_that_take_too_long_together_are_added_one_by_one(client, monkeypatch):
    monkeypatch.setattr("gutskin.limits.PHOTO_SECONDS_PER_FORM", 0)
    response = client.post(FORM, posted(photos=some_files(1)))
    assert "too much together" in text_of(response)
    assert shows_the_answers(response)


def test_nothing_is_written_to_the_disk(client, monkeypatch):
    """Not even of a photo that has more bytes than Django would keep in memory."""

    # A temporary file cannot be made.
    monkeypatch.setattr("tempfile.tempdir", "/no/such/folder")
    content = a_jpeg() + b"\0" * settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert client.post(FORM, posted(photos=[a_file(content=content)])).status_code == 302


def test_a_file_that_is_too_large_is_not_held_in_memory(rf):
    big = SimpleUploadedFile("big.jpg", b"x" * (limits.LARGEST_PHOTO_BYTES + 1))
    request = rf.post(FORM, {"name": "Ada", "photos": [big, *some_files(limits.MOST_PHOTOS + 2)]})
    request.upload_handlers = [PhotoUploadHandler(request)]

    held = request.FILES.getlist("photos")

    assert request.POST["name"] == "Ada"
    assert [len(file.read()) > 0 for file in held] == [False] + [True] * limits.MOST_PHOTOS + [False] * 2
    assert held[0].size == limits.LARGEST_PHOTO_BYTES + 1


def test_an_enormous_body_is_not_read():
    with pytest.raises(RequestDataTooBig):
        PhotoUploadHandler().handle_raw_input(None, {}, limits.LARGEST_PHOTO_FORM_BYTES + 1, b"x")


# The script's address


def test_the_script_gets_the_list(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        response = client.post(SCRIPT, {"key": KEY, "photos": a_file(), "fragment": "1"})

    assert response.status_code == 200
    (one,) = photo_ids_on(response)
    assert str(Attachment.objects.get().public_id) == one
    assert "<html" not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert photo_ids_on(client.post(SCRIPT, {"key": KEY, "remove_photo": one})) == []


def test_the_script_names_the_file_by_its_number(client):
    response = client.post(SCRIPT, {"key": KEY, "photos": a_file("x.gif", REFUSED["moving.gif"][0]()), "number": "4"})

    assert "File 4, “x.gif”: This is a GIF." in text_of(response)


@pytest.mark.parametrize("key", ["", "garbled", "\0", "' OR 1=1 --"])
def test_the_script_gets_an_error_without_a_key(client, key):
    response = client.post(SCRIPT, {"key": key, "photos": a_file()})
    assert (response.status_code, Attachment.objects.count()) == (400, 0)


@pytest.mark.parametrize("value", ["", "\0", "x" * 5000, "5b0cf0b4-8e0f-4b7c-8a43-5f2d6c0f6a11"])
def test_an_invalid_id_to_remove_is_ignored(client, value):
    client.post(SCRIPT, {"key": KEY, "photos": a_file()})
    response = client.post(SCRIPT, {"key": KEY, "remove_photo": value, "number": value})
    assert len(photo_ids_on(response)) == 1


def test_another_key_shows_other_photos(client):
    client.post(SCRIPT, {"key": KEY, "photos": a_file()})
    assert photo_ids_on(client.post(SCRIPT, {"key": str(uuid.uuid4())})) == []


@pytest.mark.usefixtures("no_database")
def test_a_database_failure_tells_the_script_to_try_again():
    response = Client(raise_request_exception=False).post(SCRIPT, {"key": KEY, "photos": a_file()})

    assert response.status_code == 503
    assert "not stored yet" in text_of(response)
    assert "Retry-After" in response.headers


def test_a_photo_that_cannot_be_decrypted_does_not_break_the_form(client):
    client.post(SCRIPT, {"key": KEY, "photos": a_file()})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consultations_attachment SET public_id = %s", [uuid.uuid4().hex])

    response = client.post(FORM, posted(name=""))

    assert "Photo 1 is stored, but cannot be shown here." in text_of(response)
