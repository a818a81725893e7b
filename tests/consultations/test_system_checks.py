from datetime import date

import pytest
from django.core.checks import run_checks

from consultations.models import Team
from tests.consultations.factories import a_clinician, a_superuser, an_article, an_inquiry

DECIDED = {
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "INTAKE_EMAIL": "intake@clinic.example",
    "PRIVACY_EMAIL": "privacy@clinic.example",
    "DEFAULT_FROM_EMAIL": "GutSkin <hello@clinic.example>",
    "RETENTION_DAYS": 730,
    "HOLIDAYS": frozenset({date(2026, 12, 25)}),
}


@pytest.fixture
def decided(settings, time_machine):
    time_machine.move_to("2026-11-22T12:00:00Z")
    for name, value in DECIDED.items():
        setattr(settings, name, value)
    return settings


def found():
    ours = run_checks(include_deployment_checks=True, databases=["default"])
    return {f"{one.id.partition('.')[2]} {one.msg}" for one in ours if one.id.startswith("consultations.")}


@pytest.fixture
def staffed(db):
    a_clinician()


def test_a_complete_configuration_gets_no_warning(decided, staffed):
    an_article()
    an_inquiry()

    assert found() == set()


@pytest.mark.parametrize(
    "name, value, told",
    [
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "W003 No mail leaves this machine."),
        ("INTAKE_EMAIL", "intake@localhost", "W004 INTAKE_EMAIL is an address of this machine."),
        ("PRIVACY_EMAIL", "p@localhost", "W004 PRIVACY_EMAIL is an address of this machine."),
        (
            "PRIVACY_EMAIL",
            "",
            "E002 PRIVACY_EMAIL is not set: who gains access to requests can decide who is told.",
        ),
        ("DEFAULT_FROM_EMAIL", "GutSkin <g@localhost>", "W004 DEFAULT_FROM_EMAIL is an address of this machine."),
        ("RETENTION_DAYS", None, "W005 RETENTION_DAYS is not set: nothing is purged."),
        ("HOLIDAYS", frozenset(), "W006 No holiday of the coming year is known."),
        ("HOLIDAYS", frozenset({date(2025, 12, 25)}), "W006 No holiday of the coming year is known."),
    ],
)
def test_settings_that_would_lose_requests_are_reported(decided, staffed, name, value, told):
    setattr(decided, name, value)

    assert found() == {told}


def test_a_topic_without_a_clinician_is_reported(decided, staffed):
    an_article()
    Team.objects.get().members.clear()

    assert found() == {
        "W001 No clinician answers requests about: Psoriasis (being edited).",
        "W001 No clinician answers requests about: Something else.",
    }


def test_a_privacy_address_that_a_superuser_reads_is_reported(decided, staffed):
    root = a_superuser()
    root.email = "Privacy@clinic.example"
    root.save()

    assert {one.partition(",")[0] for one in found()} == {"W002 PRIVACY_EMAIL is the address of a superuser"}


@pytest.mark.django_db
def test_a_wrong_key_is_an_error_and_fails_the_readiness_check(settings, client):
    an_inquiry()
    assert client.get("/readyz").json()["keys"] is True

    settings.FIELD_ENCRYPTION_KEYS = {"test1": b"w" * 32}
    [error] = [one for one in run_checks(databases=["default"]) if one.id == "consultations.E001"]
    assert "does not decrypt the newest request" in error.msg
    response = client.get("/readyz")
    assert (response.status_code, response.json()["keys"]) == (503, False)
