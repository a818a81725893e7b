from django.core.management.base import BaseCommand, CommandError

from consultations.audit import SYSTEM, record
from consultations.key_rotation import newest_key_id, renew_email_indexes, rotate
from consultations.models import AuditEvent


class Command(BaseCommand):
    help = "Seals everything that patients and staff wrote anew with the newest key. The site goes on meanwhile."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=100, help="Rows that are read at a time.")
        parser.add_argument(
            "--digests", action="store_true", help="After a change of DIGEST_KEY: let addresses be found again."
        )
        parser.add_argument("--dry-run", action="store_true", help="Count what needs older keys, change nothing.")

    def handle(self, *, batch, digests, dry_run, **options):
        if batch < 1:
            raise CommandError("--batch takes a number from 1 on.")
        if digests and dry_run:
            raise CommandError("--digests has no dry run: it changes nothing where DIGEST_KEY is the same.")
        tell = self.stderr.write if self.stderr.isatty() else lambda model: None
        rotation = rotate(batch=batch, dry_run=dry_run, tell=tell)
        if rotation.sealed_anew:
            record(AuditEvent.Action.KEYS_ROTATED, by=SYSTEM, detail=f"{newest_key_id()}: {rotation.sealed_anew}")
        self.tell(rotation, dry_run)
        if digests:
            self.stdout.write(f"{renew_email_indexes(batch=batch)} requests are found by their address again.")

    def tell(self, rotation, dry_run):
        if not dry_run:
            self.stdout.write(f"{rotation.sealed_anew} values are sealed with the key {newest_key_id()} now.")
        if rotation.changed_meanwhile:
            self.stdout.write(f"{rotation.changed_meanwhile} were changed by somebody meanwhile.")
        for place in rotation.closed:
            self.stderr.write(f"Does not open: {place}")
        for key_id, count in sorted(rotation.left.items()):
            self.stdout.write(f"{count} values are sealed with the key {key_id}: keep that key.")
        if rotation.closed:
            raise CommandError(f"{len(rotation.closed)} values do not open with the keys that this site has.")
        if not rotation.left:
            self.stdout.write("No value needs an older key. Backups from before do.")
