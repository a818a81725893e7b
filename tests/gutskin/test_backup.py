import json
import tarfile
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from consultations.actions import correct_contact
from consultations.models import Attachment, Inquiry
from consultations.request_numbers import receipt_code
from consultations.retention import erase_inquiry
from gutskin.accounts.mfa_adapter import encrypt_secret
from gutskin.audit.hash_chain import broken_links, record
from gutskin.audit.models import AuditEvent
from gutskin.database_dump import dump_to, load_from
from gutskin.heartbeats.models import Heartbeat, beat
from gutskin.mail.models import Notification
from tests.consultations.factories import a_clinician, an_inquiry
from tests.gutskin.backup_files import PHOTO, a_backup, a_used_site, change_manifest, lose_everything, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(file_database, tmp_path):
    """A site that has been used, with its database in a file as in production."""
    return a_used_site()


def test_everything_is_readable_after_a_restore(site, tmp_path):
    path = a_backup(tmp_path)
    lose_everything()
    assert not Inquiry.objects.exists()

    output = run("restore", str(path))

    inquiry = Inquiry.objects.get()
    assert inquiry.name == "Amina Okafor"
    assert inquiry.messages.get().text == "Since when exactly?"
    assert bytes(Attachment.objects.get().content) == PHOTO
    assert receipt_code(inquiry.idempotency_key) == receipt_code(site.idempotency_key)
    assert "1 requests" in output
    assert list(broken_links()) == []
    assert AuditEvent.objects.first().action == "restored"


def test_a_backup_is_readable_by_its_owner_only_and_holds_no_key_and_no_plain_text(site, tmp_path, settings):
    path = a_backup(tmp_path)

    assert path.stat().st_mode & 0o777 == 0o600
    content = path.read_bytes()
    for secret in (b"Amina Okafor", b"Since when exactly", PHOTO, settings.SECRET_KEY.encode(), b"t" * 32):
        assert secret not in content
    with tarfile.open(path) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
    assert manifest["keys"] == ["test1"]
    assert manifest["requests"] == 1


def test_without_its_key_a_restored_site_says_which_one_is_missing(site, tmp_path, settings):
    path = a_backup(tmp_path)
    lose_everything()
    settings.FIELD_ENCRYPTION_KEYS = {"k9": b"9" * 32}

    with pytest.raises(CommandError, match="lacks the keys test1"):
        run("restore", str(path))
    assert AuditEvent.objects.first().action == "restored"


def test_a_different_key_with_the_same_id_is_refused_before_anything_is_replaced(site, tmp_path, settings):
    path = a_backup(tmp_path)
    an_inquiry(address="198.51.100.9")
    settings.FIELD_ENCRYPTION_KEYS = {"test1": b"9" * 32}

    with pytest.raises(CommandError, match=r"Nothing was restored.*different key with the id test1"):
        run("restore", str(path), replace=True)
    assert Inquiry.objects.count() == 2


def test_a_wrong_key_is_noticed_among_several(site, tmp_path, settings):
    right = settings.FIELD_ENCRYPTION_KEYS["test1"]
    settings.FIELD_ENCRYPTION_KEYS = {"k2": b"2" * 32, "test1": right}
    an_inquiry(address="198.51.100.9")
    path = a_backup(tmp_path)
    settings.FIELD_ENCRYPTION_KEYS = {"k2": b"2" * 32, "test1": b"9" * 32}

    with pytest.raises(CommandError, match="different key with the id test1"):
        run("restore", str(path), replace=True)


def test_a_wrong_key_is_noticed_where_only_second_factors_are_encrypted(file_database, tmp_path, settings):
    secrets = {"secret": encrypt_secret("JBSWY3DPEHPK3PXP")}
    Authenticator.objects.create(user=a_clinician(), type=Authenticator.Type.TOTP, data=secrets)
    path = a_backup(tmp_path)
    settings.FIELD_ENCRYPTION_KEYS = {"test1": b"9" * 32}

    with pytest.raises(CommandError, match=r"Nothing was restored.*different key with the id test1"):
        run("restore", str(path), replace=True)


def test_a_value_that_was_damaged_before_the_backup_prevents_no_restore(site, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consultations_inquiry SET question = '1:test1:AAAA', name = '1:test1:AAAA'")
    path = a_backup(tmp_path)
    lose_everything()

    assert "1 requests" in run("restore", str(path))


def test_a_backup_without_samples_is_checked_after_the_restore(site, tmp_path, settings):
    """Made by a version that wrote none."""
    path = a_backup(tmp_path)
    change_manifest(path, lambda manifest: {key: manifest[key] for key in manifest if key != "samples"})
    settings.FIELD_ENCRYPTION_KEYS = {"test1": b"9" * 32}

    with pytest.raises(CommandError, match=r"The backup is restored, but .* test1, or has different ones"):
        run("restore", str(path), replace=True)


def test_a_patient_who_stopped_e_mails_since_the_backup_gets_none_after_a_restore(site, tmp_path):
    path = a_backup(tmp_path)
    inquiry = Inquiry.objects.get()
    assert inquiry.email
    correct_contact(inquiry, email="")

    told = run("restore", str(path), replace=True)

    assert f"{inquiry.reference}: its patient wants no e-mail any more" in told
    inquiry = Inquiry.objects.get()
    assert (inquiry.email, inquiry.takes_mail, inquiry.is_sealed) == ("", False, True)
    assert not [mail for mail in Notification.objects.all() if mail.is_to_the_patient]


def test_accounts_and_events_are_not_replaced_unless_told_to(site, tmp_path):
    path = a_backup(tmp_path)
    lose_everything()
    user = a_clinician(team=None)
    with pytest.raises(CommandError, match="Use --replace"):
        run("restore", str(path))

    user.delete()
    record(AuditEvent.Action.VIEWED, by="david")
    with pytest.raises(CommandError, match="Use --replace"):
        run("restore", str(path))
    assert not Inquiry.objects.exists()


def test_a_restore_does_not_replace_data_unless_told_to(site, tmp_path):
    path = a_backup(tmp_path)
    another = an_inquiry(address="198.51.100.9")

    with pytest.raises(CommandError, match="Use --replace"):
        run("restore", str(path))
    assert Inquiry.objects.count() == 2

    run("restore", str(path), replace=True)
    assert not Inquiry.objects.filter(reference=another.reference).exists()


def test_what_was_erased_after_the_backup_does_not_come_back(site, tmp_path):
    path = a_backup(tmp_path)
    reference = site.reference
    erase_inquiry(site, by="patient", cause="patient")

    assert f"{reference} was erased after this backup" in run("restore", str(path), replace=True)
    assert not Inquiry.objects.exists()


def test_a_list_of_erased_requests_is_applied_after_the_database_was_lost(site, tmp_path):
    path = a_backup(tmp_path)
    erased = tmp_path / "erased.txt"
    # As people copy them; the last one is of a request that came after the backup.
    erased.write_text(f"\ufeff{site.reference.removeprefix('GS-').lower()} \n\nGS-2222-3333\n")
    lose_everything()

    output = run("restore", str(path), erased=erased)

    assert not Inquiry.objects.exists()
    assert f"{site.reference} was erased after this backup" in output
    assert "GS-2222-3333 is not in this backup." in output
    assert f"{site.reference} is not in" not in output


@pytest.mark.parametrize("line", ["GS-7K4M-2XQ", "GS-7K4M-2XQ0", "Erased in May:", "7K4M-2XQP, 7K4M-2XQR"])
def test_a_line_that_is_no_reference_number_is_refused_before_anything_is_restored(site, tmp_path, line):
    path = a_backup(tmp_path)
    erased = tmp_path / "erased.txt"
    erased.write_text(f"GS-2222-3333\n{line}\n")
    an_inquiry(address="198.51.100.9")

    with pytest.raises(CommandError, match=f"Nothing was restored. Line 2 of .* is no reference number .*: {line}"):
        run("restore", str(path), erased=erased, replace=True)
    assert Inquiry.objects.count() == 2


def test_what_was_erased_does_not_come_back_when_a_key_is_missing(site, tmp_path, settings):
    path, reference = a_backup(tmp_path), site.reference
    an_inquiry(address="198.51.100.9")
    erase_inquiry(site, by="patient", cause="patient")
    later = a_backup(tmp_path)
    settings.FIELD_ENCRYPTION_KEYS = {"k9": b"9" * 32}

    # Nothing encrypted is left in the first one.
    assert f"{reference} was erased after this backup" in run("restore", str(path), replace=True)
    with pytest.raises(CommandError, match="lacks the keys test1"):
        run("restore", str(later), replace=True)


def test_with_another_digest_key_it_says_what_has_to_be_erased_again(site, tmp_path, settings):
    path, reference, right = a_backup(tmp_path), site.reference, settings.DIGEST_KEY
    erase_inquiry(site, by="patient", cause="patient")
    settings.DIGEST_KEY = "another one"
    output = StringIO()
    with pytest.raises(CommandError, match=r"Nothing was restored\..* made with another DIGEST_KEY"):
        run("restore", str(path), replace=True)

    with pytest.raises(CommandError, match="Is DIGEST_KEY right"):
        call_command("restore", str(path), replace=True, unverified=True, stdout=output)
    assert reference in output.getvalue()

    settings.DIGEST_KEY = right
    erased = tmp_path / "erased.txt"
    erased.write_text("".join(line for line in output.getvalue().splitlines(keepends=True) if line.startswith("GS-")))
    run("restore", str(path), replace=True, erased=erased)
    assert not Inquiry.objects.exists()
    assert list(broken_links()) == []


def test_after_a_new_digest_key_the_log_is_checked_from_there_on(site, tmp_path, settings):
    settings.DIGEST_KEY = "another one, because the first had leaked"
    first = AuditEvent.objects.order_by("sequence").last().sequence + 1
    record(AuditEvent.Action.VIEWED, by="david")
    path = a_backup(tmp_path)

    with pytest.raises(CommandError, match="add --since"):
        run("restore", str(path), replace=True)
    assert "1 requests" in run("restore", str(path), replace=True, since=first)


@pytest.mark.slow
def test_an_older_backup_is_migrated_and_what_was_erased_is_erased_again(site, tmp_path):
    newest = tmp_path / "newest"
    dump_to(newest)
    call_command("migrate", "consultations", "0001", verbosity=0)
    path, reference = a_backup(tmp_path), site.reference
    # A second faster than migrating all the way again.
    load_from(newest)
    erase_inquiry(site, by="patient", cause="patient")

    output = run("restore", str(path), replace=True)

    assert "from an older version" in output
    assert f"{reference} was erased after this backup" in output
    assert not Inquiry.objects.exists()
    run("migrate", check_unapplied=True)


@pytest.mark.slow
def test_a_schema_that_is_too_old_to_be_read_is_named_and_leaves_no_file(site, tmp_path):
    newest = tmp_path / "newest"
    dump_to(newest)
    call_command("migrate", "consultations", "zero", verbosity=0)

    with pytest.raises(CommandError, match=r"of an older version: .* consultations\.0001_initial first"):
        run("backup", to=tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []
    load_from(newest)


def test_a_backup_is_made_where_only_the_heartbeats_have_no_table_yet(site, tmp_path):
    call_command("migrate", "heartbeats", "zero", verbosity=0)
    assert a_backup(tmp_path).exists()
    call_command("migrate", "heartbeats", verbosity=0)


def test_a_damaged_backup_changes_nothing(site, tmp_path):
    path = a_backup(tmp_path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)

    with pytest.raises(CommandError, match="Nothing was restored"):
        run("restore", str(path), replace=True)
    assert Inquiry.objects.get().name == "Amina Okafor"


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\0" * 2048])
def test_a_file_that_is_no_backup_is_refused(site, tmp_path, content):
    path = tmp_path / "gutskin-x.tar"
    path.write_bytes(content)

    with pytest.raises(CommandError, match="is not a backup of this site"):
        run("restore", str(path), replace=True)


def test_a_backup_of_another_kind_of_database_is_refused(site, tmp_path):
    path = a_backup(tmp_path)
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    change_manifest(path, lambda manifest: manifest | {"engine": other})

    with pytest.raises(CommandError, match=f"backup of a {other} database"):
        run("restore", str(path), replace=True)


OUR_APPS = [
    config.label
    for config in apps.get_app_configs()
    if config.name.startswith(("gutskin.", "education", "consultations"))
]


@pytest.mark.parametrize("label", OUR_APPS)
def test_a_backup_of_a_newer_version_is_refused(site, tmp_path, label):
    path = a_backup(tmp_path)
    newer = f"{label}.9999_tomorrow"
    change_manifest(path, lambda manifest: manifest | {"migrations": [*manifest["migrations"], newer]})

    with pytest.raises(CommandError, match=f"Nothing was restored.*newer version of the program.*{newer}"):
        run("restore", str(path), replace=True)
    assert Inquiry.objects.get().name == "Amina Okafor"


@pytest.mark.parametrize("key", ["format", "made_at", "engine", "migrations", "sha256", "samples"])
def test_a_manifest_edited_by_hand_is_refused(site, tmp_path, key):
    path = a_backup(tmp_path)
    original = path.read_bytes()
    wrong = [None, 7, "yesterday", "2026-11-30", [1], [["test1", "x"]], {"test1": "x"}, {"test1": ["x", 1]}]
    for value in wrong:
        path.write_bytes(original)
        change_manifest(path, lambda manifest, value=value: manifest | {key: value})

        with pytest.raises(CommandError, match="Nothing was restored"):
            run("restore", str(path), replace=True)
    assert Inquiry.objects.get().name == "Amina Okafor"


@pytest.mark.parametrize("lost", ["made_at", "engine", "migrations", "sha256"])
def test_an_incomplete_manifest_is_refused(site, tmp_path, lost):
    path = a_backup(tmp_path)
    change_manifest(path, lambda manifest: {key: manifest[key] for key in manifest if key != lost})

    with pytest.raises(CommandError, match="is not a backup of this site"):
        run("restore", str(path), replace=True)


def test_only_the_newest_are_kept(site, tmp_path):
    for _number in range(3):
        run("backup", to=tmp_path, keep=2)

    assert len(list(tmp_path.glob("gutskin-*.tar"))) == 2
    assert not list(tmp_path.glob("tmp*"))


def test_no_backup_is_made_without_disk_space(site, tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("")

    with pytest.raises(CommandError, match="No backup was made"):
        run("backup", to=blocked)


@pytest.mark.parametrize(("name", "process"), [("mail_worker", "mail worker"), ("scheduler", "scheduler")])
def test_a_process_that_was_at_work_just_now_is_named_before_a_restore(site, tmp_path, name, process):
    path, errors = a_backup(tmp_path), StringIO()
    beat(name)
    call_command("restore", str(path), replace=True, stdout=StringIO(), stderr=errors)
    assert f"The {process} was at work" in errors.getvalue()
    assert "If it still runs, stop it" in errors.getvalue()

    beat("backup")
    Heartbeat.objects.filter(name=name).update(beat_at=timezone.now() - timedelta(minutes=3))
    errors = StringIO()
    call_command("restore", str(path), replace=True, stdout=StringIO(), stderr=errors)
    assert errors.getvalue() == "", "it has been stopped"
