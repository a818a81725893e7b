"""Whose request it is, behind a proxy that is configured, and behind one that is not."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from gutskin import proxy
from gutskin.checks import check_digest_key, check_unconfigured_proxy
from gutskin.proxy import UNKNOWN, client_address
from tests.consultations.factories import posted

pytestmark = pytest.mark.django_db
FORM = "/consult/"
SEEN = "203.0.113.7"


@pytest.fixture(autouse=True)
def nothing_was_said_yet(monkeypatch):
    monkeypatch.setattr(proxy, "_warn_after", {})


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (SEEN, SEEN),
        (f"10.0.0.1, {SEEN}", SEEN),
        (f"{SEEN}:49152", SEEN),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]:49152", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("", UNKNOWN),
        ("unknown", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_behind_our_proxy_it_is_what_the_proxy_saw_and_never_the_proxy(rf, settings, forwarded, address):
    settings.BEHIND_PROXY = True
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    assert client_address(rf.get("/", headers=headers, REMOTE_ADDR="10.0.0.9")) == address


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.9", "100.64.0.1", "::1", ""])
def test_a_proxy_that_is_not_configured_is_never_counted(rf, settings, peer):
    settings.BEHIND_PROXY = False
    assert client_address(rf.get("/", headers={"X-Forwarded-For": SEEN}, REMOTE_ADDR=peer)) == SEEN
    assert client_address(rf.get("/", headers={"X-Real-Ip": SEEN}, REMOTE_ADDR=peer)) == UNKNOWN


def test_without_a_proxy_it_is_who_is_connected(rf, settings):
    settings.BEHIND_PROXY = False
    assert client_address(rf.get("/", REMOTE_ADDR="10.0.0.9")) == "10.0.0.9"
    assert client_address(rf.get("/", headers={"X-Forwarded-For": SEEN}, REMOTE_ADDR="8.8.8.8")) == "8.8.8.8"


def test_patients_whose_address_is_unknown_do_not_use_up_each_others_requests(client, settings, monkeypatch):
    settings.BEHIND_PROXY = True
    monkeypatch.setattr("gutskin.limits.REQUESTS_PER_HOUR", 1)
    statuses = [
        client.post(FORM, posted(key=f"{number:08}-0000-4000-8000-000000000000"), REMOTE_ADDR="10.0.0.9").status_code
        for number in range(3)
    ]
    assert statuses == [302] * 3


def test_a_proxy_that_is_seen_and_not_configured_is_a_warning_in_the_log_and_an_error_of_the_check(
    client, settings, caplog
):
    settings.BEHIND_PROXY = False
    assert check_unconfigured_proxy(databases=["default"]) == []
    for _ in range(2):
        client.get("/about/", headers={"X-Forwarded-For": SEEN})

    warnings = [record.getMessage() for record in caplog.records if record.name == "gutskin.proxy"]
    assert len(warnings) == 1
    assert "BEHIND_PROXY is off" in warnings[0]
    assert SEEN not in warnings[0]
    with pytest.raises(SystemCheckError, match="BEHIND_PROXY is off"):
        call_command("check", deploy=True, databases=["default"])

    settings.BEHIND_PROXY = True
    assert check_unconfigured_proxy(databases=["default"]) == []


def test_a_visitor_from_the_internet_does_not_pass_for_a_proxy(client, settings, caplog):
    settings.BEHIND_PROXY = False
    client.get("/about/", headers={"X-Forwarded-For": SEEN}, REMOTE_ADDR="8.8.8.8")
    assert check_unconfigured_proxy(databases=["default"]) == []
    assert not [record for record in caplog.records if record.name == "gutskin.proxy"]


@pytest.mark.parametrize(("digest_key", "said"), [("another", []), (None, ["gutskin.W003"])])
def test_a_missing_digest_key_is_reported(settings, digest_key, said):
    settings.DIGEST_KEY = digest_key or settings.SECRET_KEY
    assert [problem.id for problem in check_digest_key()] == said
