from django.core.management.base import BaseCommand, CommandError

from education import leaflets
from education.leaflets.pdf import CannotPrint, printer


class Command(BaseCommand):
    help = "Makes the PDF leaflets that are missing or out of date. The scheduler also does this by itself."

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="make every leaflet again, as after a change of fonts")
        parser.add_argument("--dry-run", action="store_true", help="say how many would be made, and change nothing")

    def handle(self, *args, force, dry_run, **options):
        try:
            printer()
        except CannotPrint as error:
            raise CommandError(f"No leaflet can be made here. {error}") from error
        made = leaflets.make_missing(at_most=None, force=force, dry_run=dry_run)
        self.stdout.write(f"{made} leaflets would be made." if dry_run else f"{made} leaflets made.")
