"""A patient's whole way in a real browser, with and without a script: from a warning sign to nothing left of it."""

import io
import json
import re
import uuid
import zipfile
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import expect

from consultations import actions
from consultations.models import Inquiry
from gutskin.audit.models import AuditEvent
from gutskin.mail.models import Notification
from tests.browser.patient import a_file, enter_code, fill_in
from tests.browser.waiting import expect_no_sideways_scrolling, follow
from tests.consultations.factories import a_clinician
from tests.consultations.upload_zoo import a_jpeg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
NAME, ADDRESS = "Zoë Nguyễn", "zoe.nguyen@example.org"
QUESTION = "Could my bowel and my elbows belong together?"
MESSAGE, REPLY = "The left elbow weeps since Tuesday.", "Please see your own doctor this week about the bleeding."
PHOTOS = [a_file("near.jpg", a_jpeg((800, 600))), a_file("far.jpg", a_jpeg((600, 800)))]
# What a photo or a text is found by: long enough to be no accident, short enough to lie on one page of the file.
PIECE = 48
SEALED = {
    "consultations_inquiry": ["name", "email", "skin_problem", "gut_details", "question"],
    "consultations_message": ["text"],
    "consultations_attachment": ["content"],
}


def stored(table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608  names from above
        return [bytes(value) if not isinstance(value, str) else value.encode() for (value,) in cursor.fetchall()]


def sealed_pieces():
    """From the middle of each sealed value as it is stored; several of a photo, which lies on many pages."""
    pieces = []
    for table, columns in SEALED.items():
        for value in (value for column in columns for value in stored(table, column)):
            places = range(PIECE, len(value) - PIECE, 3001) if len(value) > 2 * PIECE else [0]
            pieces += [value[place : place + PIECE] for place in places]
    return pieces


def database_files():
    """All that SQLite has on the disk."""
    path = Path(connection.settings_dict["NAME"])
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
def test_a_patient_asks_is_answered_and_leaves_nothing_behind(new_page, site, no_axe_violations, javascript):
    options = {"permissions": ["clipboard-read", "clipboard-write"]} if javascript else {}
    page = new_page(viewport=PHONE, java_script_enabled=javascript, **options)

    def is_good():
        expect_no_sideways_scrolling(page)
        # axe is itself a script.
        if javascript:
            no_axe_violations(page)

    # Given a patient who writes about a warning sign, with two photos
    page.goto(f"{site}/consult/")
    skin, gut = "Red, scaly patches on both elbows.", "There is blood in my poo."
    fill_in(page, name=NAME, address=ADDRESS, skin=skin, gut=gut, question=QUESTION)
    page.get_by_label("Photos of the skin").set_input_files(PHOTOS)
    if javascript:
        expect(page.get_by_role("img", name="Photo 2")).to_be_visible()
        is_good()
    page.get_by_role("button", name="Send my request").click()

    # Then advice comes first, and nothing is stored yet
    expect(page.get_by_role("heading", name="Please read this before you send your request")).to_be_visible()
    is_good()
    assert not Inquiry.objects.exists()

    # When she has read it, her request is received, as urgent as it is
    page.get_by_role("button", name="I have read this – send my request").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    is_good()
    inquiry = Inquiry.objects.get()
    assert (inquiry.urgency, inquiry.question, inquiry.attachments.count()) == ("urgent", QUESTION, 2)
    expect(page.get_by_text(inquiry.reference)).to_be_visible()

    # She keeps her code
    code = page.locator("#receipt-code").inner_text().strip()
    if javascript:
        page.get_by_role("button", name="Copy the code").click()
        expect(page.get_by_text("The code is copied.")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == code
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a file").click()
    assert code in saved.value.path().read_text()
    follow(page, page.get_by_role("button", name="I have kept my code – hide it"))
    expect(page.get_by_text(code)).to_have_count(0)

    # and comes in with it, and writes
    enter_code(page, site, code)
    expect(page.get_by_role("heading", level=1)).to_contain_text(inquiry.reference)
    page.get_by_role("textbox", name="Your message").fill(MESSAGE)
    page.get_by_role("button", name="Send my message").click()
    expect(page.get_by_text("Your message is with us.")).to_be_visible()
    expect(page.get_by_text(MESSAGE)).to_be_visible()
    is_good()

    # When a clinician replies, a mail says that there is something, and not what
    clinician = a_clinician()
    actions.record_view(inquiry, by=clinician, story=True)
    actions.reply(inquiry, text=REPLY, key=uuid.uuid4(), by=clinician)
    call_command("send_mail_queue")
    notice = next(each for each in mail.outbox if each.subject == f"A reply to your request {inquiry.reference}")
    assert notice.to == [ADDRESS]
    mails = "\n".join(str(each.message()) for each in mail.outbox)
    assert not [word for word in (REPLY, MESSAGE, QUESTION, "blood", "elbow", NAME, code) if word in mails]

    # Then she reads it, and sees who opened her request
    page.reload()
    expect(page.get_by_text(REPLY)).to_be_visible()
    expect(page.get_by_role("heading", name="Who opened your request")).to_be_visible()
    expect(page.get_by_text("read what you wrote")).to_be_visible()
    is_good()
    assert inquiry.messages.get(is_from_patient=False).read_at

    # She takes her data along
    with page.expect_download() as download:
        page.get_by_role("button", name="Download everything (ZIP)").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert len([name for name in archive.namelist() if name.endswith(".jpg")]) == 2
        taken = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".json"))
    assert all(words in taken for words in (QUESTION, MESSAGE, REPLY))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download for a health record (FHIR)").click()
    assert json.loads(download.value.path().read_text())["resourceType"] == "Bundle"

    # stops the request
    page.get_by_text("I no longer need an answer").click()
    page.get_by_role("button", name="Stop my request").click()
    expect(page.get_by_role("heading", name="This request was stopped")).to_be_visible()
    is_good()

    # and erases it
    pieces = sealed_pieces()
    assert len(pieces) > 8
    if connection.vendor == "sqlite":
        assert [piece for piece in pieces if piece not in database_files()] == []
    follow(page, page.get_by_role("link", name="Erase my request"))
    is_good()
    page.get_by_label(re.compile("erase everything")).check()
    page.get_by_role("button", name="Erase my request").click()
    expect(page.get_by_role("heading", name="Your request has been erased")).to_be_visible()
    is_good()

    # Then nothing is left of it, neither in words nor sealed, and the log is whole
    assert not Inquiry.objects.exists()
    assert not Notification.objects.exists()
    assert [row for table, columns in SEALED.items() for row in stored(table, columns[0])] == []
    if connection.vendor == "sqlite":
        on_disk = database_files()
        words = [each.encode() for each in (NAME, ADDRESS, QUESTION, MESSAGE, REPLY, code, "blood in my poo")]
        assert [piece for piece in [*pieces, *words] if piece in on_disk] == []
        assert inquiry.reference.encode() in on_disk  # of which the log still speaks
    assert AuditEvent.objects.about(inquiry.reference).first().action == "erased"
    call_command("verify_audit_log")
    enter_code(page, site, code)
    expect(page.get_by_role("alert")).to_contain_text("We could not open a request")
