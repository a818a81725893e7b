"""A backup is of one moment, whatever happens while it is written, and whatever the clocks say."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from consultations.models import Inquiry
from consultations.retention import erase_inquiry
from gutskin.audit.models import AuditEvent
from gutskin.database_dump import dump_to
from tests.at_once import together
from tests.consultations.factories import an_inquiry
from tests.gutskin.backup_files import a_backup, a_used_site, parts_of, run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def site(file_database):
    return a_used_site()


def a_backup_during(change, folder, monkeypatch):
    """A backup during which somebody else changes something: after the dump, and before the rest of the file."""

    def dump_slowly(path, **options):
        dump_to(path, **options)
        [failure] = together(1, lambda _number: change() and None)
        assert failure is None, failure

    with monkeypatch.context() as patch:
        patch.setattr("consultations.backups.dump_to", dump_slowly)
        return a_backup(folder)


def test_what_a_backup_says_of_itself_is_of_the_moment_of_its_dump(site, tmp_path, monkeypatch):
    before = AuditEvent.objects.count()
    path = a_backup_during(lambda: an_inquiry(address="198.51.100.9"), tmp_path, monkeypatch)
    assert Inquiry.objects.count() == 2

    manifest = json.loads(parts_of(path)["manifest.json"])
    assert manifest["requests"] == 1
    assert manifest["audit"].startswith(f"{before}:")
    assert "1 requests" in run("restore", str(path), replace=True)


def test_what_is_erased_while_a_backup_is_written_does_not_come_back(site, tmp_path, monkeypatch):
    path = a_backup_during(lambda: erase_inquiry(site, by="patient", cause="patient"), tmp_path, monkeypatch)

    assert "erased after this backup" in run("restore", str(path), replace=True)
    assert not Inquiry.objects.exists()


def test_what_a_machine_erased_whose_clock_is_behind_does_not_come_back(site, tmp_path):
    path = a_backup(tmp_path)
    with time_machine.travel(timezone.now() - timedelta(minutes=10)):
        erase_inquiry(site, by="patient", cause="patient")

    assert "erased after this backup" in run("restore", str(path), replace=True)
    assert not Inquiry.objects.exists()
