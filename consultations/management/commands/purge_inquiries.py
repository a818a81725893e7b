from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consultations.retention import purge


class Command(BaseCommand):
    help = "Erases requests that were over for RETENTION_DAYS, and forms, mails and visits that are no longer needed."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Do everything, roll it back, and print the counts.")

    def handle(self, *, dry_run, **options):
        result = purge(dry_run=dry_run)
        for reference in result.references:
            self.stdout.write(reference)
        for name, count in sorted(result.counts.items()):
            self.stdout.write(f"{name}: {count}")
        verb = "would be erased" if dry_run else "erased"
        self.stdout.write(f"{len(result.references)} requests {verb}.")
        if settings.RETENTION_DAYS is None:
            self.stdout.write("No request is purged, because RETENTION_DAYS is not set.")
        # Last, so that everything else is done and printed; the exit status tells the scheduler.
        if result.failed:
            raise CommandError(f"Not erased, will be tried again next time: {', '.join(result.failed)}.")
