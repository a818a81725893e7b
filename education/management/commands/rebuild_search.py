import time

from django.core.management.base import BaseCommand

from education import search
from education.models import Article
from education.search.backends import backend

PROGRESS_SECONDS = 5


class Command(BaseCommand):
    help = (
        "Indexes everything that is published again, in short transactions: meanwhile readers search and clinicians "
        "publish. Run it after a release that changes how words are compared."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what would be in the index, and change nothing")
        parser.add_argument("--after", type=int, default=0, metavar="ID", help="go on after the page with this id")
        parser.add_argument(
            "--index", action="store_true", help="also build SQLite's own index again; meanwhile nobody can write"
        )

    def handle(self, *, dry_run, after, index, **options):
        self.documents, self.words = 0, set()
        for batch in search.rebuild_terms(dry_run=dry_run):
            self.count(batch)
        self.rebuild_articles(after, dry_run)
        # After a part of the pages, not all words are known.
        if not dry_run and not after:
            search.remove_outdated(self.words)
        if not dry_run and index:
            backend().rebuild()
        words = {(word.language, word.word) for word in self.words}
        self.stdout.write(f"{self.documents} documents with {len(words)} words")
        if dry_run:
            self.stdout.write("Dry run: nothing was changed.")

    def rebuild_articles(self, after, dry_run):
        said, last, pages = time.monotonic(), after, Article.objects.published()
        try:
            for batch in search.rebuild_articles(after=after, dry_run=dry_run):
                self.count(batch)
                last = batch.last
                if time.monotonic() - said > PROGRESS_SECONDS:
                    said = time.monotonic()
                    self.stdout.write(f"{pages.filter(pk__lte=last).count()} of {pages.count()} pages")
        except BaseException as error:
            self.stderr.write(f"Stopped. To go on: python manage.py rebuild_search --after {last}")
            # gutskin/interrupted.py then says nothing more.
            error.is_explained = True
            raise

    def count(self, batch):
        self.documents += batch.documents
        self.words |= batch.words
