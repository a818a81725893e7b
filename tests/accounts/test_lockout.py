import re
from datetime import UTC, datetime

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client

from gutskin import limits
from gutskin.audit.models import AuditEvent
from tests.accounts.staff import (
    ADMIN,
    LOGIN,
    PASSWORD,
    SECOND_STEP,
    a_member_of_staff,
    logged_in,
    the_code,
    type_password,
)

pytestmark = pytest.mark.django_db
MORNING = datetime(2025, 8, 6, 9, 0, tzinfo=UTC)


def actions_told():
    return list(AuditEvent.objects.order_by("sequence").values_list("actor", "action"))


def wrong_passwords(client, times, username="carla"):
    return [type_password(client, username, f"wrong {number}").status_code for number in range(times)]


@pytest.mark.parametrize("username", ["carla", "nobody-of-that-name"])
def test_the_fifth_wrong_password_locks_out(client, username):
    a_member_of_staff()

    assert wrong_passwords(client, 5, username) == [200, 200, 200, 200, 429]
    actor = "carla" if username == "carla" else "unknown"
    assert actions_told() == [(actor, "login_failed")] * 4 + [(actor, "locked_out")]


def test_during_a_lockout_the_right_password_is_refused(client):
    a_member_of_staff(app=True)
    wrong_passwords(client, 5)
    response = type_password(client)

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "1800"
    assert "cannot log in this way for 30 minutes" in response.content.decode()
    assert client.get(SECOND_STEP).url == LOGIN
    assert len(actions_told()) == 5


def test_known_and_unknown_names_get_the_same_page(client):
    a_member_of_staff()
    pages = set()
    for username in ("carla", "nobody-of-that-name"):
        wrong_passwords(client, 4, username)
        page = type_password(client, username, "wrong").content.decode()
        pages.add(re.sub(r'value="\w{64}"', "", page))
    assert len(pages) == 1


def test_a_lockout_ends_after_half_an_hour(client):
    a_member_of_staff(app=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        wrong_passwords(client, 5)
        clock.shift(29 * 60)
        # Trying again does not make it longer.
        assert type_password(client).status_code == 429
        clock.shift(2 * 60)
        assert type_password(client).url == SECOND_STEP


@pytest.mark.parametrize("spelling", ["CARLA", " carla ", "Carla"])
def test_another_spelling_of_the_name_counts_as_the_same_name(client, spelling):
    a_member_of_staff()
    wrong_passwords(client, 4)

    assert type_password(client, spelling, "wrong").status_code == 429


def test_another_browser_at_the_same_address_is_locked_out_too(client):
    a_member_of_staff()
    wrong_passwords(client, 4)

    assert type_password(Client(headers={"user-agent": "Another"}), password="wrong").status_code == 429


def test_colleagues_and_other_addresses_are_not_locked_out(client):
    a_member_of_staff(app=True)
    a_member_of_staff("david", app=True)
    wrong_passwords(client, 5)

    assert type_password(client, "david").url == SECOND_STEP
    assert type_password(Client(REMOTE_ADDR="192.0.2.7"), "carla").url == SECOND_STEP


def test_wrong_codes_count_like_wrong_passwords(client):
    a_member_of_staff(app=True)
    wrong_passwords(client, 2)
    type_password(client)
    statuses = [client.post(SECOND_STEP, {"code": "000000"}).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert client.post(SECOND_STEP, {"code": the_code()}).status_code == 429
    assert client.get(ADMIN).status_code == 302
    assert actions_told()[-1] == ("carla", "locked_out")


def test_a_login_resets_the_count(client):
    a_member_of_staff(app=True)
    wrong_passwords(client, 4)
    logged_in()

    assert wrong_passwords(client, 4) == [200, 200, 200, 200]


def test_wrong_old_passwords_of_a_borrowed_session_count(client):
    a_member_of_staff(app=True)
    client = logged_in()
    new = {"password1": "another quite long one", "password2": "another quite long one"}
    statuses = [client.post("/accounts/password/", {"oldpassword": "no"} | new).status_code for _ in range(5)]

    assert statuses == [200, 200, 200, 200, 429]
    assert User.objects.get().check_password(PASSWORD)


def test_the_attempts_of_one_address_are_limited(client, monkeypatch):
    monkeypatch.setattr(limits, "LOGINS_PER_HOUR", 3)
    statuses = [type_password(client, f"name {number}", "wrong").status_code for number in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert client.get("/accounts/login/passkey/").status_code == 429


def test_after_too_many_logins_from_one_address_the_page_says_until_when(client, monkeypatch):
    monkeypatch.setattr(limits, "LOGINS_PER_HOUR", 3)
    a_member_of_staff(app=True)
    with time_machine.travel(MORNING.replace(minute=20), tick=False) as clock:
        # Right passwords, and requests for a passkey, count as well.
        for _ in range(3):
            client.get("/accounts/login/passkey/")
        response = type_password(client)
        page = response.content.decode()

        assert response.status_code == 429
        assert response.headers["Retry-After"] == "2401"
        assert "until 11:00" in re.sub(r"\s+", " ", page)  # in London
        assert "you can use it now" not in page
        AccessAttempt.objects.all().delete()  # axes_reset
        assert type_password(client).status_code == 429
        clock.shift(40 * 60)
        assert type_password(client).url == SECOND_STEP


def test_after_too_many_wrong_codes_the_page_says_until_when(monkeypatch):
    monkeypatch.setattr(limits, "WRONG_CODES_PER_HOUR", 3)
    a_member_of_staff(app=True)
    with time_machine.travel(MORNING.replace(minute=20), tick=False) as clock:
        pages = []
        # The fourth is one too many; so is the fifth, although its code is right.
        for number, code in enumerate(["000000"] * 4 + [the_code()]):
            client = Client(REMOTE_ADDR=f"198.51.100.{number}")
            type_password(client)
            pages.append(client.post(SECOND_STEP, {"code": code}))
        for page in pages[3:]:
            assert (page.status_code, page.headers["Retry-After"]) == (429, "2401")
            assert "you cannot log in this way until 11:00." in page.content.decode()
        clock.shift(40 * 60)
        assert logged_in(REMOTE_ADDR="198.51.100.9").get(ADMIN).status_code == 200


def test_the_page_names_the_longer_of_two_lockouts(client, monkeypatch):
    monkeypatch.setattr(limits, "WRONG_CODES_PER_HOUR", 3)
    a_member_of_staff(app=True)
    with time_machine.travel(MORNING.replace(minute=50), tick=False):
        wrong_passwords(client, 1)
        type_password(client)
        pages = [client.post(SECOND_STEP, {"code": "000000"}) for _ in range(4)]

    # Too many codes in this hour, and too many wrong ones from this address: at eleven the lockout is not over.
    assert [page.status_code for page in pages] == [200, 200, 200, 429]
    assert "you cannot log in this way until 11:20." in pages[3].content.decode()


def test_neither_names_nor_passwords_nor_tokens_are_kept(client):
    a_member_of_staff()
    type_password(client, "my secret typed into the wrong box", "my secret", csrfmiddlewaretoken="my secret token")
    row = AccessAttempt.objects.get()

    kept = " ".join(str(getattr(row, field.name)) for field in row._meta.fields)
    assert "my secret" not in kept
    assert "my secret" not in str(AuditEvent.objects.values_list("actor", "detail"))


@pytest.mark.parametrize("address", ["", "not an address", "fe80::1%eth0", "192.0.2.1, 10.0.0.1"])
def test_a_malformed_address_stops_no_one(settings, address):
    settings.BEHIND_PROXY = True
    a_member_of_staff(app=True)

    assert logged_in(headers={"x-forwarded-for": address}).get(ADMIN).status_code == 200


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{}",
        "[]",
        "null",
        "1",
        '"text"',
        "{",
        "[" * 5000,
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": []}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "enp6enp6enp6enp6"}}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", '
        '"authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"}}',
        '{"id": "\\u0000"}',
    ],
)
def test_hostile_passkeys_are_wrong_passkeys(client, credential):
    a_member_of_staff(pk=1)
    client.get("/accounts/login/passkey/")
    response = client.post("/accounts/login/passkey/", {"credential": credential}, follow=True)

    assert response.status_code == 200
    assert "The passkey was not accepted." in response.content.decode()
    assert client.get(ADMIN).status_code == 302


def test_after_too_many_wrong_codes_the_right_one_is_refused_too(monkeypatch):
    monkeypatch.setattr(limits, "WRONG_CODES_PER_HOUR", 3)
    a_member_of_staff(app=True)
    statuses = []
    for number in range(4):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        type_password(client)
        statuses.append(client.post(SECOND_STEP, {"code": "000000"}).status_code)
    assert statuses == [200, 200, 200, 429]
    fresh = Client(REMOTE_ADDR="198.51.100.77")
    type_password(fresh)

    # Guessed from many addresses, it would be found within hours.
    assert fresh.post(SECOND_STEP, {"code": the_code()}).status_code == 429
    assert fresh.get(ADMIN).status_code == 302


def test_one_household_of_ipv6_is_one_address():
    a_member_of_staff()
    statuses = [
        type_password(Client(REMOTE_ADDR=f"2001:db8:0:7::{number}"), password="wrong").status_code
        for number in range(1, 6)
    ]
    assert statuses == [200, 200, 200, 200, 429]
