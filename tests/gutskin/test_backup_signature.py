"""A backup comes back only as it was made, and lets no one in who had left."""

import hashlib
import json

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError
from django.db import connection
from django.test import Client

from consultations import actions
from consultations.models import Inquiry, LinkRequest, StatusPass
from gutskin.accounts.invitations import invite
from gutskin.accounts.models import Invitation
from gutskin.accounts.session_store import stored_key
from gutskin.audit.models import AuditEvent
from gutskin.database_dump import dump_to
from gutskin.mail.models import Notification
from tests.consultations.factories import a_clinician, an_inquiry
from tests.gutskin.backup_files import a_backup, a_used_site, lose_everything, pack, parts_of, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(file_database):
    return a_used_site()


def another_database(parts):
    """Someone else's, with the checksum in the manifest to go with it."""
    database = parts["database"] + b"\0"
    manifest = json.loads(parts["manifest.json"]) | {"sha256": hashlib.sha256(database).hexdigest()}
    return {"database": database, "manifest.json": json.dumps(manifest).encode()}


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        (lambda parts: {"database": parts["database"] + b"\0"}, "The database in this backup was damaged or altered"),
        (another_database, r"its manifest\.json was altered"),
        (lambda parts: {"manifest.json": parts["manifest.json"] + b"\n"}, r"its manifest\.json was altered"),
        (lambda parts: {"signature": b"0" * 64}, "The signature of this backup is wrong"),
        (lambda parts: {"signature": "ß".encode()}, "The signature of this backup is wrong"),
        (lambda parts: {"signature": b"\xff"}, "is not a backup of this site"),
        (lambda parts: {"signature": b""}, "has no signature"),
        (lambda parts: {"run-me.sh": b"true"}, r"Something was added to this backup: run-me\.sh"),
    ],
)
def test_an_altered_backup_is_refused_and_the_site_stays_as_it_is(site, tmp_path, alter, told):
    path = a_backup(tmp_path)
    parts = parts_of(path)
    pack(path, parts | alter(parts))
    an_inquiry(address="198.51.100.9")

    with pytest.raises(CommandError, match=f"Nothing was restored.*{told}"):
        run("restore", str(path), replace=True)
    assert Inquiry.objects.count() == 2


def test_a_backup_from_before_signatures_needs_a_word_and_that_is_recorded(site, tmp_path):
    path = a_backup(tmp_path)
    parts = parts_of(path)
    del parts["signature"]
    pack(path, parts)
    lose_everything()
    with pytest.raises(CommandError, match="has no signature"):
        run("restore", str(path))

    assert "1 requests" in run("restore", str(path), unverified=True)
    assert AuditEvent.objects.first().detail == f"{path.name}, unverified"


def let_in(user, inquiry):
    """A session and an invitation of staff, and a visit, a link and a wish for one of a patient."""
    browser = Client()
    browser.force_login(user)
    UserSession.objects.create(
        user=user, session_key=stored_key(browser.session.session_key), ip="192.0.2.1", user_agent="x"
    )
    invite(User.objects.create_user("ruth", email="ruth@clinic.example"), by=user)
    tokens = [StatusPass.objects.issue(inquiry, purpose) for purpose in ("visit", "link")]
    actions.ask_for_link(email="amina.okafor@example.org", reference="", address="192.0.2.1")
    return browser.session.session_key, *tokens


ACCESS = [Session, UserSession, Invitation, StatusPass, LinkRequest]


def test_no_session_visit_or_link_is_in_a_backup(site, tmp_path):
    keys = let_in(a_clinician(), site)
    stored = [Session.objects.get().session_key, *StatusPass.objects.values_list("digest", flat=True)]
    content = parts_of(a_backup(tmp_path))["database"]

    assert all(model.objects.exists() for model in ACCESS)
    if connection.vendor == "sqlite":
        assert not [key for key in (*keys, *stored) if key.encode() in content]


def test_no_session_visit_or_link_comes_back(site, tmp_path, monkeypatch):
    """An older version put them into its backups."""
    monkeypatch.setattr("consultations.backups.dump_to", lambda path, empty, moment: dump_to(path, moment=moment))
    let_in(a_clinician(), site)
    path = a_backup(tmp_path)
    run("restore", str(path), replace=True)

    assert not any(model.objects.exists() for model in ACCESS)
    assert Inquiry.objects.get().name == "Amina Okafor"
    # The mail about the invitation came back, and says nothing.
    run("send_mail_queue")
    assert not Notification.objects.undelivered().exists()
    assert not [sent for sent in mail.outbox if "ruth@clinic.example" in sent.to]
