"""A mailbox is not a person: what a link by mail opens, what one more answer opens, and what only the code does."""

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from consultations import actions
from consultations.models import Consent, Inquiry, Message
from gutskin import limits
from gutskin.audit.models import AuditEvent
from tests.consultations.factories import ANSWERS, a_clinician, a_stored_photo, an_inquiry, posted
from tests.consultations.test_lost_code import OPEN, the_link, token_on
from tests.consultations.test_status_photos import a_file
from tests.consultations.upload_zoo import a_jpeg
from tests.consultations.visits import STATUS, code_of, on_the_page_of, page

pytestmark = pytest.mark.django_db
ANSWER = f"{STATUS}answer/"
PIN = "crow 7"
STORY = "Red, scaly patches on both elbows"
REPLY = "Please bring the cream with you."


def a_request(*, pin="", **answers):
    inquiry = actions.submit_inquiry(
        key=uuid.uuid4(), condition=None, answers=ANSWERS | answers, address="192.0.2.1", pin=pin
    )
    clinician = get_user_model().objects.filter(username="david").first() or a_clinician()
    actions.reply(inquiry, text=REPLY, key=uuid.uuid4(), by=clinician)
    return inquiry


@pytest.fixture
def by_link(client, mailoutbox):
    """The client, after opening the link that was sent to the address of the only request."""

    def open_link():
        token = token_on(client.get(the_link(client, mailoutbox)))
        assert client.post(OPEN, {"key": token}).status_code == 302
        return on_the_page_of(client, Inquiry.objects.last())

    return open_link


def test_a_link_alone_shows_the_status_and_nothing_that_was_written(by_link):
    inquiry = a_request(pin=PIN)

    text = page(by_link())

    assert inquiry.reference in text
    assert "We have answered you" in text
    for hidden in (STORY, REPLY, "Amina", "amina.okafor", "bloating", "david", "/consult/status/message/"):
        assert hidden not in text
    assert AuditEvent.objects.filter(action="status_page_opened").get().detail == "link"


@pytest.mark.parametrize("typed", [PIN, " crow 7 ", "ｃｒｏｗ　７"])
def test_the_pin_shows_the_story(by_link, typed):
    a_request(pin=PIN)
    client = by_link()

    assert client.post(ANSWER, {"pin": typed}).headers["Location"] == STATUS

    text = page(client)
    assert STORY in text
    assert REPLY in text
    opened = AuditEvent.objects.filter(action="status_page_opened").values_list("detail", flat=True)
    assert set(opened) == {"link", "answer"}


@pytest.mark.parametrize("typed", ["0018", "+44 (0)20 7946-0018", "٠٠١٨"])
def test_without_a_pin_the_end_of_the_phone_number_and_the_age_show_the_story(by_link, typed):
    a_request(phone="020 7946 0018")
    client = by_link()

    client.post(ANSWER, {"phone": typed, "age_group": "18-39"})

    assert STORY in page(client)


@pytest.mark.parametrize(
    "answer",
    [
        {"phone": "0018", "age_group": "40-64"},
        {"phone": "0019", "age_group": "18-39"},
        {"phone": "18", "age_group": "18-39"},
        {"phone": "x", "age_group": "18-39"},
        {"phone": "0018"},
        {},
        {"pin": ""},
    ],
)
def test_a_wrong_answer_is_told_and_shows_nothing(by_link, answer):
    a_request(phone="020 7946 0018")
    client = by_link()

    response = client.post(ANSWER, answer)

    assert response.status_code == 200
    assert "We could not show your request" in response.content.decode()
    assert STORY not in response.content.decode()
    assert STORY not in page(client)


@pytest.mark.parametrize("phone", ["", "12", "ask my sister"])
def test_with_nothing_to_ask_only_the_code_shows_the_story(by_link, phone):
    inquiry = a_request(phone=phone)
    client = by_link()
    assert "There is nothing that we can ask you here" in page(client)
    for answer in ({"pin": ""}, {"phone": phone, "age_group": "18-39"}):
        client.post(ANSWER, answer)
        assert STORY not in page(client)

    client.post(STATUS, {"code": code_of(inquiry)})

    assert STORY in page(client)


def test_few_answers_can_be_tried_whoever_asks(by_link):
    inquiry = a_request(pin=PIN)
    client = by_link()
    for number in range(limits.ANSWERS_AFTER_LINK_PER_HOUR):
        client.post(ANSWER, {"pin": f"wrong {number}"}, REMOTE_ADDR=f"198.51.100.{number}")

    response = client.post(ANSWER, {"pin": PIN})

    assert response.status_code == 429
    assert "Too many answers were tried" in response.content.decode()
    assert STORY not in page(client)
    # Whoever has the code is not locked out.
    client.post(STATUS, {"code": code_of(inquiry)})
    assert STORY in page(client)


@pytest.mark.parametrize("answers", [False, True])
@pytest.mark.parametrize(
    "step, form",
    [
        ("erase", {"understood": "yes"}),
        ("withdraw", {}),
        ("consent", {"purpose": "store-health-data"}),
        ("download", {"file": "zip"}),
        ("download", {"file": "fhir"}),
    ],
)
def test_what_cannot_be_undone_needs_the_code(by_link, step, form, answers):
    inquiry = a_request(pin=PIN)
    client = by_link()
    if answers:
        client.post(ANSWER, {"pin": PIN})
        assert f'action="{STATUS}{step}/"' not in page(client)

    response = client.post(f"{STATUS}{step}/", form)

    assert response.status_code == 403
    assert "This needs your code" in response.content.decode()
    assert "Content-Disposition" not in response.headers
    inquiry.refresh_from_db()
    assert inquiry.status == "answered"
    assert Consent.objects.get().withdrawn_at is None


def test_the_page_that_erases_does_not_open_by_link(by_link):
    a_request(pin=PIN)
    assert by_link().get(f"{STATUS}erase/").status_code == 403


def test_a_message_typed_too_early_is_kept_until_the_answer(by_link):
    a_request(pin=PIN)
    client = by_link()

    refused = client.post(f"{STATUS}message/", {"text": "It is worse today.", "key": str(uuid.uuid4())})

    assert refused.status_code == 403
    assert 'name="text" value="It is worse today."' in refused.content.decode()
    wrong = client.post(ANSWER, {"pin": "wrong", "text": "It is worse today."})
    assert 'name="text" value="It is worse today."' in wrong.content.decode()
    shown = client.post(ANSWER, {"pin": PIN, "text": "It is worse today."})
    assert "It is worse today.</textarea>" in shown.content.decode().replace("\n", "")
    assert Message.objects.filter(is_from_patient=True).count() == 0


def test_photos_need_the_answer(by_link):
    inquiry = a_request(pin=PIN)
    photo = a_stored_photo(inquiry, a_jpeg((8, 8)), width=8, height=8)
    client = by_link()
    address = f"{STATUS}photos/{photo.public_id}/"

    assert client.get(address).status_code == 404
    assert client.get(f"{address}small/").status_code == 404
    assert client.get(f"{STATUS}photos/").status_code == 302
    assert client.post(f"{STATUS}photos/", {"photos": [a_file()], "fragment": "1"}).status_code == 403
    assert client.post(f"{STATUS}photos/", {"remove_photo": str(photo.public_id)}).status_code == 302
    assert inquiry.attachments.get() == photo

    client.post(ANSWER, {"pin": PIN})
    assert client.get(address).status_code == 200


def test_staying_longer_opens_no_more(by_link):
    a_request(pin=PIN)
    client = by_link()
    client.post(f"{STATUS}stay/")

    assert STORY not in page(client)


def test_without_a_visit_the_answer_opens_nothing(client):
    a_request(pin=PIN)

    assert client.post(ANSWER, {"pin": PIN}).status_code == 403
    assert STORY not in page(client)


def test_the_pin_of_one_request_opens_no_other(by_link):
    a_request(pin="another", email="somebody.else@example.org")
    a_request(pin=PIN)
    client = by_link()

    client.post(ANSWER, {"pin": "another"})

    assert STORY not in page(client)
    digests = set(Inquiry.objects.values_list("pin_digest", flat=True))
    assert len(digests) == 2
    assert not digests & {"", PIN, "another"}


def test_a_pin_is_optional_and_long_enough(client):
    for pin, stored in (("", 1), ("abc", 1), ("x" * 13, 1), ("0070", 2)):
        response = client.post("/consult/", posted(key=str(uuid.uuid4()), pin=pin))
        assert Inquiry.objects.count() == stored, pin
    assert response.status_code == 302
    assert Inquiry.objects.exclude(pin_digest="").count() == 1
    short = client.post("/consult/", posted(key=str(uuid.uuid4()), pin="abc")).content.decode()
    assert "Use at least 4 letters or numbers." in short
    assert 'value="abc"' in short


def test_a_pin_that_was_changed_before_the_second_click_is_the_one_that_counts(by_link):
    key = uuid.uuid4()
    for pin in ("first", "second"):
        actions.submit_inquiry(key=key, condition=None, answers=ANSWERS, address="192.0.2.1", pin=pin)
    assert Inquiry.objects.count() == 1
    client = by_link()

    client.post(ANSWER, {"pin": "second"})

    assert STORY in page(client)


def test_after_a_new_digest_key_the_phone_is_asked_instead_of_the_pin(settings):
    inquiry = an_inquiry(phone="020 7946 0018")
    Inquiry.objects.update(pin_digest="0" * 64)
    settings.DIGEST_KEY = "another key"
    call_command("renew_email_indexes", verbosity=0)

    inquiry.refresh_from_db()
    assert actions.question_after_link(inquiry) == "phone"
