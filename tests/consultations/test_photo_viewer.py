"""The photo viewer for staff: who may look, and that each photo shown is recorded."""

import uuid

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from gutskin.audit.models import AuditEvent
from gutskin.encryption.fields import EncryptedBinaryField
from tests.consultations.factories import (
    a_clinical_reviewer,
    a_clinician,
    a_coordinator,
    a_privacy_lead,
    a_stored_photo,
    a_superuser,
    an_author,
    an_inquiry,
)
from tests.consultations.staff_pages import with_a_reason
from tests.consultations.upload_zoo import a_jpeg
from tests.pages import Page

pytestmark = pytest.mark.django_db
# Session, user, permissions, the request, three for access.can_read_story, the photos, the one that is decrypted.
QUERIES = 9


def a_photo(inquiry, width=640):
    return a_stored_photo(inquiry, a_jpeg((width, 480)), width=width, height=480)


def address(photo, kind=""):
    name = f"admin:consultations_inquiry_photo{kind}"
    return reverse(name, args=[photo.inquiry_id, photo.public_id])


def looked_at():
    events = AuditEvent.objects.filter(action="photo_viewed").order_by("sequence")
    return [(event.actor, event.reference, event.detail) for event in events]


def another_clinician():
    return a_clinician("maria", team="Another team")


@pytest.mark.parametrize("kind", ["", "_large", "_small"])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (a_clinician, 200),
        (another_clinician, 404),
        (a_coordinator, 403),
        (a_superuser, 403),
        (a_privacy_lead, 403),
        (an_author, 403),
        (a_clinical_reviewer, 403),
        (None, 302),
    ],
)
def test_who_may_see_a_photo(client, role, status, kind):
    photo = a_photo(an_inquiry())
    if role:
        client.force_login(role())

    response = client.get(address(photo, kind))

    assert response.status_code == status
    assert (b"\xff\xd8\xff" in response.content) == (status == 200 and kind != "")
    assert bool(looked_at()) == (status == 200 and kind != "")


@pytest.mark.parametrize("role", [a_coordinator, a_superuser])
def test_a_reason_gives_access_to_photos(client, role):
    photo = a_photo(an_inquiry())
    user = role()
    with_a_reason(photo.inquiry, user)
    client.force_login(user)
    assert client.get(address(photo, "_large")).content == photo.content


def test_every_photo_that_is_shown_is_recorded_and_pages_are_not(client, david):
    inquiry = an_inquiry()
    one, two = a_photo(inquiry), a_photo(inquiry, 320)

    client.get(reverse("admin:consultations_inquiry_change", args=[inquiry.pk]))
    client.get(address(one))
    assert looked_at() == []
    client.get(address(two, "_small"))
    client.get(address(one, "_large"))
    client.head(address(one, "_large"))

    assert looked_at() == [("david", inquiry.reference, number) for number in ("2", "1", "1")]


@pytest.mark.usefixtures("david")
def test_a_view_that_cannot_be_recorded_shows_no_photo(client):
    photo = a_photo(an_inquiry())

    def refuse(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")) and "auditevent" in sql:
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    client.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        response = client.get(address(photo, "_large"))
    assert response.status_code == 503
    assert b"\xff\xd8\xff" not in response.content


@pytest.mark.usefixtures("david")
def test_the_request_page_shows_thumbnails_as_links(client):
    photo = a_photo(an_inquiry())

    page = Page(client.get(reverse("admin:consultations_inquiry_change", args=[photo.inquiry_id])).content.decode())

    (link,) = page.all("a", href=address(photo))
    (image,) = page.all("img", src=address(photo, "_small"))
    assert image["loading"] == "lazy"
    assert link


def test_without_story_access_no_photo_is_mentioned(client):
    photo = a_photo(an_inquiry())
    client.force_login(a_coordinator())
    html = client.get(reverse("admin:consultations_inquiry_change", args=[photo.inquiry_id])).content.decode()
    assert str(photo.public_id) not in html


@pytest.mark.usefixtures("david")
def test_zoom_and_next_photo_work_without_javascript(client):
    inquiry = an_inquiry()
    one, two, three = a_photo(inquiry, 640), a_photo(inquiry, 320), a_photo(inquiry, 480)

    page = Page(client.get(address(two), {"zoom": "200"}).content.decode())
    (image,) = page.all("img", src=address(two, "_large"))
    assert (image["width"], image["height"]) == ("640", "960")
    assert image["alt"] == "Photo 2 of 3, sent by the patient"
    assert page.all("a", href=address(one), rel="prev")
    assert page.all("a", href=address(three), rel="next")
    (box,) = page.all("div", role="region")
    assert box["tabindex"] == "0"
    # No download is offered.
    assert not [link for link in page.all("a") if "download" in link or "_large" in link.get("href", "")]

    (image,) = Page(client.get(address(one)).content.decode()).all("img", src=address(one, "_large"))
    assert "width" not in image


@pytest.mark.usefixtures("david")
@pytest.mark.parametrize("zoom", ["", "3000", "<script>", "200 onload=x"])
def test_an_unknown_zoom_fits_the_photo(client, zoom):
    photo = a_photo(an_inquiry())
    response = client.get(address(photo), {"zoom": zoom})
    assert response.status_code == 200
    assert b"photo-viewer__fit" in response.content
    assert b"<script>" not in response.content


@pytest.mark.usefixtures("david")
def test_a_photo_is_shown_inline_and_not_cached(client):
    headers = client.get(address(a_photo(an_inquiry()), "_large")).headers

    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"] == "inline"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.usefixtures("david")
def test_a_photo_that_cannot_be_decrypted_does_not_affect_the_others(client):
    inquiry = an_inquiry()
    one, two = a_photo(inquiry), a_photo(inquiry, 320)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultations_attachment SET content = (SELECT content FROM consultations_attachment WHERE id = %s)"
            " WHERE id = %s",
            [one.pk, two.pk],
        )

    viewer = client.get(address(two)).content.decode()
    assert "This photo cannot be decrypted" in viewer
    assert address(two, "_large") not in viewer
    assert client.get(address(two, "_large")).status_code == 404
    assert client.get(address(two, "_small")).status_code == 404
    assert looked_at() == []
    assert client.get(address(one, "_large")).status_code == 200


@pytest.mark.usefixtures("david")
def test_a_photo_is_found_only_under_its_own_request(client):
    photo, other = a_photo(an_inquiry()), an_inquiry(address="192.0.2.9")
    for pk, public_id in [(other.pk, photo.public_id), (photo.inquiry_id, uuid.uuid4()), (10**30, photo.public_id)]:
        for kind in ("", "_large", "_small"):
            link = reverse(f"admin:consultations_inquiry_photo{kind}", args=[pk, public_id])
            assert client.get(link).status_code == 404


@pytest.mark.usefixtures("david")
def test_photos_cannot_be_changed(client):
    photo = a_photo(an_inquiry())
    for kind in ("", "_large", "_small"):
        assert client.post(address(photo, kind)).status_code == 405


def test_the_viewer_decrypts_one_photo_and_five_need_no_more_queries(
    client, david, django_assert_num_queries, monkeypatch
):
    inquiry, opened = an_inquiry(), []
    decrypt = EncryptedBinaryField.decrypt

    def counted(ciphertext, *, place):
        opened.append(place)
        return decrypt(ciphertext, place=place)

    monkeypatch.setattr(EncryptedBinaryField, "decrypt", staticmethod(counted))
    one = a_photo(inquiry)
    for width in (None, 100, 200, 300, 400):
        if width:
            a_photo(inquiry, width)
        opened.clear()
        with django_assert_num_queries(QUERIES):
            client.get(address(one))
        assert len(opened) == 1
