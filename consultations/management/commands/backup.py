import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from consultations.backups import delete_old_backups, write_backup
from gutskin.audit.hash_chain import SYSTEM, record
from gutskin.audit.models import AuditEvent
from gutskin.checks import missing_migrations
from gutskin.database_dump import DumpFailed
from gutskin.heartbeats.models import beat

OLDER = (
    "No backup was made. The database is of an older version: it lacks {count} migrations, {first} first. Make the "
    "backup with the version that the database belongs to, or run `python manage.py migrate` before."
)


class Command(BaseCommand):
    help = "Writes a backup of the database, photos included, while the site runs. The encryption keys are not in it."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, help="The folder. Default: backups/ in VAR_DIR.")
        parser.add_argument("--keep", type=int, metavar="N", help="Delete all but the newest N backups in that folder.")

    def handle(self, *, to, keep, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep must be 1 or more.")
        folder = to or settings.BACKUP_DIR
        try:
            path, manifest = write_backup(folder)
        except (DumpFailed, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from None
        # The copy of an SQLite database is opened without Django.
        except (DatabaseError, sqlite3.Error):
            if missing := missing_migrations(connection):
                raise CommandError(OLDER.format(count=len(missing), first=missing[0])) from None
            raise
        # After the file is complete: the backup does not contain its own event.
        record(AuditEvent.Action.BACKED_UP, by=SYSTEM, detail=path.name)
        beat("backup")
        self.stdout.write(f"{path}: {manifest['requests']} requests, {path.stat().st_size} bytes.")
        self.stdout.write(f"Keys needed to read it: {', '.join(manifest['keys']) or 'none'}. Keep them somewhere else.")
        for old in delete_old_backups(folder, keep=keep) if keep else []:
            self.stdout.write(f"{old} deleted.")
