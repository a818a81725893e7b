from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consultations.retention import purge


class Command(BaseCommand):
    help = "Erases requests that were over for RETENTION_DAYS, and forms, mails and visits that served their moment."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Do all of it, take it back, and say what it was.")

    def handle(self, *, dry_run, **options):
        if settings.RETENTION_DAYS is None:
            raise CommandError("RETENTION_DAYS is not set. Decide how long requests are kept after they are over.")
        done = purge(dry_run=dry_run)
        for reference in done.references:
            self.stdout.write(reference)
        for name, count in sorted(done.counts.items()):
            self.stdout.write(f"{name}: {count}")
        verb = "would be erased" if dry_run else "erased"
        self.stdout.write(f"{len(done.references)} requests {verb}.")
        if done.failed:
            raise CommandError(f"Not erased, and tried again next time: {', '.join(done.failed)}.")
