from django.core.management.base import BaseCommand, CommandError

from gutskin.audit.hash_chain import SYSTEM, record
from gutskin.audit.models import AuditEvent
from gutskin.encryption.key_rotation import newest_key_id, rotate


class Command(BaseCommand):
    help = "Encrypts everything that patients and staff wrote with the newest key. The site stays up while it runs."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=100, help="Rows that are read at a time.")
        parser.add_argument("--dry-run", action="store_true", help="Count what needs older keys, change nothing.")

    def handle(self, *, batch, dry_run, **options):
        if batch < 1:
            raise CommandError("--batch must be at least 1.")
        progress = self.stderr.write if self.stderr.isatty() else lambda model: None
        rotation = rotate(batch=batch, dry_run=dry_run, progress=progress)
        if rotation.reencrypted:
            record(AuditEvent.Action.KEYS_ROTATED, by=SYSTEM, detail=f"{newest_key_id()}: {rotation.reencrypted}")
        self.report(rotation, dry_run)

    def report(self, rotation, dry_run):
        if not dry_run:
            self.stdout.write(f"{rotation.reencrypted} values are now encrypted with the key {newest_key_id()}.")
        if rotation.changed_in_between:
            self.stdout.write(f"{rotation.changed_in_between} were changed by someone while this ran.")
        for place in rotation.unreadable:
            self.stderr.write(f"Cannot be decrypted: {place}")
        for key_id, count in sorted(rotation.left.items()):
            self.stdout.write(f"{count} values are encrypted with the key {key_id}: keep that key.")
        if rotation.unreadable:
            raise CommandError(f"{len(rotation.unreadable)} values cannot be decrypted with the keys of this site.")
        if not rotation.left:
            self.stdout.write("No value needs an older key. Backups made before this run do.")
