import uuid
from datetime import UTC, datetime

import pytest
import time_machine

from consultations.models import Inquiry, RateLimit
from gutskin import limits
from gutskin.mail.models import Notification
from gutskin.rate_limits import address_key
from tests.consultations.factories import ANSWERS, an_inquiry, posted, shows_the_answers
from tests.consultations.form_pages import advice_read_on
from tests.consultations.visits import STATUS, code_of, in_a_visit

pytestmark = pytest.mark.django_db
FORM = "/consult/"


def counted(address="127.0.0.1"):
    return RateLimit.objects.get(key=address_key(address, salt=RateLimit._meta.label)).count


@time_machine.travel(datetime(2026, 11, 23, 10, 20, tzinfo=UTC), tick=False)
def test_too_many_requests_from_one_address_keep_the_answers_and_say_when(client, settings):
    settings.CLINIC_PHONE = "020 7946 0000"
    for _ in range(limits.REQUESTS_PER_HOUR):
        assert client.post(FORM, posted(key=str(uuid.uuid4()))).status_code == 302

    response = client.post(FORM, posted(key=str(uuid.uuid4())))

    assert response.status_code == 429
    assert shows_the_answers(response)
    assert "after 11:00" in response.content.decode()
    assert "020 7946 0000" in response.content.decode()
    assert response.headers["Retry-After"] == "2401"
    assert Inquiry.objects.count() == limits.REQUESTS_PER_HOUR
    assert counted() == limits.REQUESTS_PER_HOUR


@pytest.mark.parametrize("is_danger", [True, False])
def test_a_request_with_danger_words_over_the_limit_leads_with_the_advice(client, monkeypatch, is_danger):
    monkeypatch.setattr(limits, "REQUESTS_PER_HOUR", 1)
    client.post(FORM, posted(key=str(uuid.uuid4())))
    words = "I want to kill myself." if is_danger else ANSWERS["question"]
    response = client.post(FORM, posted(question=words))
    if is_danger:
        response = client.post(FORM, posted(question=words, advice_read=advice_read_on(response)))

    html = response.content.decode()
    assert response.status_code == 429
    assert words in html
    main = html[html.index("<main") :]
    leads = main.index("care-card--emergency") < main.index("We cannot take another request from here")
    assert leads == is_danger
    assert ("Samaritans" in main[: main.index("We cannot take another request")]) == is_danger
    # One place on the page takes the focus: the first thing to read.
    assert main.count(" autofocus") == 1
    assert not is_danger or main.index(" autofocus") < main.index("care-card--emergency")


@pytest.mark.parametrize("is_danger", [True, False])
def test_a_message_with_danger_words_over_the_limit_leads_with_the_advice(client, monkeypatch, is_danger):
    monkeypatch.setattr(limits, "MESSAGES_PER_HOUR", 1)
    in_a_visit(client, an_inquiry())
    address = f"{STATUS}message/"
    client.post(address, {"text": "Thank you."})
    words = "I want to kill myself." if is_danger else "It itches."
    response = client.post(address, {"text": words})
    if is_danger:
        response = client.post(address, {"text": words, "advice_read": advice_read_on(response)})

    main = response.content.decode()
    main = main[main.index("<main") :]
    assert response.status_code == 429
    assert words in main
    before = main[: main.index("You have sent many messages in an hour")]
    assert ("care-card--emergency" in before) == is_danger
    assert main.count(" autofocus") == 1


def test_after_an_hour_requests_are_accepted_again(client):
    with time_machine.travel(datetime(2026, 11, 23, 10, 59, tzinfo=UTC), tick=False):
        for _ in range(limits.REQUESTS_PER_HOUR):
            client.post(FORM, posted(key=str(uuid.uuid4())))
    with time_machine.travel(datetime(2026, 11, 23, 11, 0, tzinfo=UTC), tick=False):
        assert client.post(FORM, posted(key=str(uuid.uuid4()))).status_code == 302
    assert counted() == 1


def test_invalid_forms_and_double_clicks_are_not_counted(client):
    for _ in range(limits.REQUESTS_PER_HOUR + 1):
        client.post(FORM, posted(consent=None))
        assert client.post(FORM, posted()).status_code == 302

    assert counted() == 1


def test_another_address_is_not_limited(client):
    for _ in range(limits.REQUESTS_PER_HOUR):
        client.post(FORM, posted(key=str(uuid.uuid4())), REMOTE_ADDR="192.0.2.1")

    assert client.post(FORM, posted(key=str(uuid.uuid4())), REMOTE_ADDR="192.0.2.2").status_code == 302


def test_many_senders_cannot_fill_one_mailbox_and_each_request_is_stored(client):
    for number in range(limits.RECEIPTS_PER_HOUR + 2):
        answers = posted(key=str(uuid.uuid4()), email="Amina@Example.org" if number % 2 else "amina@example.org")
        assert client.post(FORM, answers, REMOTE_ADDR=f"192.0.2.{number}").status_code == 302
    client.post(FORM, posted(key=str(uuid.uuid4()), email="joseph@example.org"), REMOTE_ADDR="198.51.100.1")

    kinds = list(Notification.objects.values_list("kind", flat=True))
    assert kinds.count("receipt") == limits.RECEIPTS_PER_HOUR + 1
    assert kinds.count("intake_notice") == Inquiry.objects.count() == limits.RECEIPTS_PER_HOUR + 3


@pytest.mark.parametrize(
    ("behind_proxy", "peer", "addresses"),
    [(True, "10.0.0.9", 2), (False, "8.8.8.8", 1), (False, "10.0.0.9", 2)],
)
def test_a_forwarded_address_is_not_trusted_from_the_internet(client, settings, behind_proxy, peer, addresses):
    """From a proxy in our own network it is, configured or not: otherwise all patients would be one address."""
    settings.BEHIND_PROXY = behind_proxy
    for forged, seen in (("10.0.0.1", "203.0.113.7"), ("10.0.0.2", "203.0.113.7"), ("10.0.0.1", "203.0.113.8")):
        headers = {"X-Forwarded-For": f"{forged}, {seen}"}
        client.post(FORM, posted(key=str(uuid.uuid4())), headers=headers, REMOTE_ADDR=peer)

    mailbox = 1
    assert RateLimit.objects.count() == addresses + mailbox


def test_addresses_are_stored_only_as_keyed_digests():
    def key(address):
        return address_key(address, salt="requests")

    assert "192.0.2.1" not in key("192.0.2.1")
    assert key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9")
    assert key("2001:db8:1:3::1") != key("2001:db8:1:2::1")
    assert key("::ffff:192.0.2.1") == key("192.0.2.1")
    assert key("no address") != key("")
    assert key("192.0.2.1") != address_key("192.0.2.1", salt="answers")


def test_right_codes_are_not_counted_and_open_no_way_to_guess(client):
    inquiry = an_inquiry()
    for _ in range(limits.CODES_PER_HOUR + 1):
        assert client.post(STATUS, {"code": code_of(inquiry)}).status_code == 302
    for number in range(limits.CODES_PER_HOUR):
        assert client.post(STATUS, {"code": "ABCD-EFGH-JKLM-NPQR"}).status_code == 200
        if number == 10:
            # A right one in between does not begin the count again.
            assert client.post(STATUS, {"code": code_of(inquiry)}).status_code == 302
    for _ in range(2):
        assert client.post(STATUS, {"code": code_of(inquiry)}).status_code == 429
