"""A backup: one tar file with the database, photos included, and a manifest. The keys are not in it."""

import hashlib
import json
import os
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from consultations.models import Inquiry, PurgeCertificate
from gutskin.audit.models import AuditHead
from gutskin.database_dump import DumpFailed, dump_to, load_from
from gutskin.encryption.key_rotation import key_ids_in_use

FORMAT = 1
DUMP, MANIFEST = "database", "manifest.json"
NEEDED = {"engine", "migrations", "sha256"}
# Of a site that writes several within one second.
NAME = "gutskin-%Y%m%d-%H%M%S-%f.tar"


def back_up(folder: Path) -> tuple[Path, dict]:
    """Writes a backup into the folder, readable by this account alone, and gives its path and manifest.

    It has its name only when it is complete and on the disk.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        dump, unfinished = Path(work) / DUMP, Path(work) / "backup.tar"
        # Before the dump is begun: what is erased while it is written counts as erased after it.
        began = {"made_at": timezone.now().isoformat(), "audit": _end_of_the_log()}
        dump_to(dump)
        manifest = began | _manifest(dump)
        (Path(work) / MANIFEST).write_text(json.dumps(manifest, indent=1))
        with tarfile.open(unfinished, "w") as tar:
            tar.add(Path(work) / MANIFEST, MANIFEST)
            tar.add(dump, DUMP)
        unfinished.chmod(0o600)
        _to_disk(unfinished)
        path = folder / timezone.now().strftime(NAME)
        unfinished.rename(path)
        _to_disk(folder)
    return path, manifest


def leave_newest(folder: Path, count: int) -> list[Path]:
    """Deletes the older backups of this folder, and says which."""
    too_old = sorted(folder.glob("gutskin-*.tar"))[:-count]
    for path in too_old:
        path.unlink()
    return too_old


def read_manifest(path: Path) -> dict:
    """What a backup says of itself. Raises DumpFailed where it is none of ours."""
    try:
        with tarfile.open(path) as tar:
            manifest = json.load(tar.extractfile(MANIFEST))
            datetime.fromisoformat(manifest["made_at"])
            known = manifest["format"] == FORMAT and tar.getmember(DUMP).isfile() and manifest.keys() >= NEEDED
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError, AttributeError):
        known = False
    if not known:
        raise DumpFailed(f"{path} is not a backup of this site.")
    if manifest["engine"] != connection.vendor:
        raise DumpFailed(f"This is a backup of a {manifest['engine']} database, and this site has {connection.vendor}.")
    if unknown := sorted(set(filter(_is_ours, manifest["migrations"])) - _migrations_of_this_program()):
        raise DumpFailed(f"This backup is from a newer program than this one, which does not know {unknown[0]}.")
    return manifest


def put_back(path: Path) -> dict:
    """Puts the backup in the place of everything that is in the database, after its checksum was compared."""
    manifest = read_manifest(path)
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        with tarfile.open(path) as tar:
            tar.extract(DUMP, work, filter="data")
        dump = Path(work) / DUMP
        if _digest(dump) != manifest["sha256"]:
            raise DumpFailed("The checksum of this backup is wrong: the file was damaged or changed.")
        load_from(dump)
    return manifest


def is_empty() -> bool:
    """Has nobody used this database yet? One without tables is empty too."""
    tables = connection.introspection.table_names()
    return Inquiry._meta.db_table not in tables or not Inquiry.objects.exists()


def erased_since(moment: datetime) -> list[str]:
    """References of requests that were erased after a backup was made: they must not come back with it."""
    if PurgeCertificate._meta.db_table not in connection.introspection.table_names():
        return []
    lists = PurgeCertificate.objects.filter(at__gte=moment).values_list("references", flat=True)
    return sorted({reference for references in lists for reference in references})


def missing_keys() -> list[str]:
    return sorted(key_ids_in_use().keys() - settings.FIELD_ENCRYPTION_KEYS.keys())


def _manifest(dump):
    return {
        "format": FORMAT,
        "engine": connection.vendor,
        "sha256": _digest(dump),
        "migrations": sorted(".".join(name) for name in MigrationRecorder(connection).applied_migrations()),
        "requests": Inquiry.objects.count(),
        "keys": sorted(key_ids_in_use()),
    }


def _end_of_the_log():
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    return f"{head.sequence}:{head.digest}"


def _is_ours(migration):
    """Libraries may put several of their old migrations together into one; we never do."""
    return migration.partition(".")[0] in ("accounts", "consultations", "education")


def _migrations_of_this_program():
    return {".".join(name) for name in MigrationLoader(None).disk_migrations}


def _digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
