from django.core.management.base import BaseCommand
from django.db import transaction

from education import search
from education.models import SearchDocument, SearchWord


class Command(BaseCommand):
    help = (
        "Rebuilds the search index from what is published. Run it after a release that changes how words are compared."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what would be in the index, and change nothing")

    def handle(self, *args, dry_run, **options):
        # In one transaction, so that searches in the meantime keep using the old index.
        with transaction.atomic():
            search.rebuild()
            self.stdout.write(f"{SearchDocument.objects.count()} documents with {SearchWord.objects.count()} words")
            if dry_run:
                transaction.set_rollback(True)
                self.stdout.write("Dry run: nothing was changed.")
