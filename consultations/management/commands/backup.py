from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consultations.backups import back_up, leave_newest
from gutskin.audit.hash_chain import SYSTEM, record
from gutskin.audit.models import AuditEvent
from gutskin.database_dump import DumpFailed


class Command(BaseCommand):
    help = "Writes a backup of the database, photos included, while the site goes on. The keys are not in it."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, help="The folder. Without it: backups/ in VAR_DIR.")
        parser.add_argument("--keep", type=int, help="Delete older backups in that folder but for the newest so many.")

    def handle(self, *, to, keep, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep takes a number from 1 on.")
        folder = to or settings.BACKUP_DIR
        try:
            path, manifest = back_up(folder)
        except (DumpFailed, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from None
        record(AuditEvent.Action.BACKED_UP, by=SYSTEM, detail=path.name)
        self.stdout.write(f"{path}: {manifest['requests']} requests, {path.stat().st_size} bytes.")
        self.stdout.write(f"It needs the keys {', '.join(manifest['keys']) or 'of nobody'}. Keep them somewhere else.")
        for old in leave_newest(folder, keep) if keep else []:
            self.stdout.write(f"{old} deleted.")
