"""Backups: one tar file with the database, photos included, a manifest and its signature. No key is in it.

The manifest has the checksum of the database, and the signature is a digest of the manifest under DIGEST_KEY, so that
nothing in the file can be changed by someone who has the file only (docs/decisions/0029).
"""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from consultations.models import Inquiry, LinkRequest, PurgeCertificate, StatusPass
from gutskin.accounts.models import Invitation
from gutskin.audit.models import AuditEvent, AuditHead
from gutskin.checks import applied_migrations, unknown_migrations
from gutskin.database_dump import DumpFailed, dump_to, load_from, snapshot
from gutskin.encryption.cipher import is_readable
from gutskin.encryption.digests import keyed_digest
from gutskin.encryption.key_rotation import needed_key_ids, readable_samples

# The version of the archive format. Increase it when older releases can no longer restore new backups.
FORMAT = 1
DUMP, MANIFEST, SIGNATURE = "database", "manifest.json", "signature"
# What lets someone in. A session that had ended since would be valid again.
ACCESS = [Session, UserSession, Invitation, StatusPass, LinkRequest]
# At most, between the machine that erased a request and the one that made the backup. What was erased shortly before a
# backup is not in it, so that to erase it once more changes nothing.
CLOCKS_DIFFER_BY = timedelta(hours=1)
# With microseconds, because two backups may be written within one second.
NAME = "gutskin-%Y%m%d-%H%M%S-%f.tar"


def write_backup(folder: Path) -> tuple[Path, dict]:
    """Writes a backup into the folder, readable by this account only; returns its path and manifest.

    It gets its name only when it is complete and on disk, so a file with that name is always a whole backup.
    Raises DumpFailed or OSError.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # In the same folder, so that the rename below stays within one file system and is atomic.
    with tempfile.TemporaryDirectory(dir=folder) as work:
        dump, unfinished = Path(work) / DUMP, Path(work) / "backup.tar"
        # Before the moment of the dump: a request erased in between counts as erased afterwards.
        made_at = timezone.now().isoformat()
        with snapshot() as moment:
            dump_to(dump, empty=[model._meta.db_table for model in ACCESS], moment=moment)
            manifest = {"made_at": made_at, "audit": _audit_log_end()} | _manifest(dump)
        text = json.dumps(manifest, indent=1)
        (Path(work) / MANIFEST).write_text(text)
        (Path(work) / SIGNATURE).write_text(_signature(text))
        with tarfile.open(unfinished, "w") as tar:
            for name in (MANIFEST, SIGNATURE, DUMP):
                tar.add(Path(work) / name, name)
        unfinished.chmod(0o600)
        _fsync(unfinished)
        path = folder / timezone.now().strftime(NAME)
        unfinished.rename(path)
        # The folder too: after a power cut a file has its new name only if the directory entry is on disk.
        _fsync(folder)
    return path, manifest


def delete_old_backups(folder: Path, *, keep: int) -> list[Path]:
    """Deletes all but the newest `keep` backups in the folder; returns those deleted."""
    # The names sort by date.
    too_old = sorted(folder.glob("gutskin-*.tar"))[:-keep]
    for path in too_old:
        path.unlink()
    return too_old


def read_manifest(path: Path, *, verify: bool = True) -> dict:
    """The manifest of a backup. Raises DumpFailed when this site cannot restore the file, and says why.

    Without `verify`, the signature may be missing or wrong.
    """
    try:
        with tarfile.open(path) as tar:
            names = tar.getnames()
            text = tar.extractfile(MANIFEST).read().decode()
            signature = tar.extractfile(SIGNATURE).read().decode() if SIGNATURE in names else ""
            manifest = json.loads(text)
            is_backup = _is_manifest(manifest) and tar.getmember(DUMP).isfile()
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError, AttributeError):
        is_backup = False
    if not is_backup:
        raise DumpFailed(f"{path} is not a backup of this site.")
    if verify:
        _check_signature(names, text, signature)
    if manifest["engine"] != connection.vendor:
        raise DumpFailed(
            f"This is a backup of a {manifest['engine']} database, but this site uses {connection.vendor}."
        )
    if unknown := unknown_migrations(manifest["migrations"]):
        raise DumpFailed(
            f"This backup is from a newer version of the program: this one does not know the migration {unknown[0]}."
        )
    return manifest


def restore_backup(path: Path, *, verify: bool = True) -> dict:
    """Replaces the database with the backup, after checking signature and checksum; returns its manifest."""
    manifest = read_manifest(path, verify=verify)
    if wrong := wrong_keys(manifest):
        raise DumpFailed(
            f"What is in this backup cannot be decrypted: FIELD_ENCRYPTION_KEYS has a different key with the id "
            f"{', '.join(wrong)}. Put the right one back."
        )
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        # Not tar.extract(): in a tampered file, a name could lead out of the folder. Python has its filter for that
        # (PEP 706) only since 3.11.4.
        with tarfile.open(path) as tar, (Path(work) / DUMP).open("wb") as dump:
            shutil.copyfileobj(tar.extractfile(DUMP), dump)
        dump = Path(work) / DUMP
        if _digest(dump) != manifest["sha256"]:
            raise DumpFailed("The database in this backup was damaged or altered: its checksum is wrong.")
        load_from(dump)
    return manifest


def end_all_access() -> None:
    """Deletes the sessions of staff and the visits and links of patients, which backups of older versions contain."""
    for model in ACCESS:
        model.objects.all().delete()


def is_empty() -> bool:
    """Has no one used the site yet? True also when the database has no tables.

    Articles do not count, because `load_content` writes them: to edit one takes an account.
    """
    tables = connection.introspection.table_names()
    made_by_use = [model for model in (Inquiry, get_user_model(), AuditEvent) if model._meta.db_table in tables]
    return not any(model.objects.exists() for model in made_by_use)


def erased_since(moment: datetime) -> list[str]:
    """References of requests erased since a backup was made: restoring it must not bring them back."""
    if PurgeCertificate._meta.db_table not in connection.introspection.table_names():
        return []
    lists = PurgeCertificate.objects.filter(at__gte=moment - CLOCKS_DIFFER_BY).values_list("references", flat=True)
    return sorted({reference for references in lists for reference in references})


def without_email() -> list[str]:
    """References of requests whose patients want no e-mail: in a backup from before, their addresses come back."""
    if Inquiry._meta.db_table not in connection.introspection.table_names():
        return []
    return list(Inquiry.objects.filter(email_index="").values_list("reference", flat=True))


def wrong_keys(manifest: dict) -> list[str]:
    """Ids under which FIELD_ENCRYPTION_KEYS has another key than the one that the backup needs.

    A missing key is not wrong: what it encrypted is lost or comes back with it, and the rest can be restored.
    """
    samples = manifest.get("samples", {})
    return sorted(
        key_id
        for key_id, (place, ciphertext) in samples.items()
        if key_id in settings.FIELD_ENCRYPTION_KEYS and not is_readable(ciphertext, place=place)
    )


def unreadable_keys() -> list[str]:
    """Ids of keys that the database needs and of which FIELD_ENCRYPTION_KEYS decrypts not one value."""
    return sorted(needed_key_ids() - readable_samples().keys())


def _is_manifest(manifest):
    """Has everything that a restore reads the right type? Someone may have edited the file by hand.

    May raise KeyError, TypeError, ValueError or AttributeError where it has not.
    """
    names = [manifest["engine"], manifest["sha256"], *manifest["migrations"]]
    for key_id, (place, ciphertext) in manifest.get("samples", {}).items():
        names += [key_id, place, ciphertext]
    return (
        manifest["format"] == FORMAT
        and isinstance(manifest["migrations"], list)
        and timezone.is_aware(datetime.fromisoformat(manifest["made_at"]))
        and all(isinstance(name, str) for name in names)
    )


def _signature(text):
    return keyed_digest("backup", text)


def _check_signature(names, text, signature):
    if not signature:
        raise DumpFailed(
            "This backup has no signature. It was made by an older version, or its signature was removed so that it "
            "could be altered. If you know that no one else could write to it, use --unverified."
        )
    if others := sorted({*names} - {DUMP, MANIFEST, SIGNATURE}):
        raise DumpFailed(f"Something was added to this backup: {', '.join(others)}.")
    if not constant_time_compare(signature, _signature(text)):
        raise DumpFailed(
            f"The signature of this backup is wrong: its {MANIFEST} was altered, or it was made with another "
            f"DIGEST_KEY. If DIGEST_KEY was changed since, and you know that no one else could write to the file, use "
            f"--unverified."
        )


def _manifest(dump):
    return {
        "format": FORMAT,
        "engine": connection.vendor,
        "sha256": _digest(dump),
        "migrations": applied_migrations(connection),
        "requests": Inquiry.objects.count(),
        "keys": sorted(needed_key_ids()),
        # Values that this site can read, so that a restore can try the keys before it replaces anything.
        "samples": {key_id: sample for key_id, sample in readable_samples().items() if isinstance(sample[1], str)},
    }


def _audit_log_end():
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    return f"{head.sequence}:{head.digest}"


def _digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fsync(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
