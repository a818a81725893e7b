import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from consultations.management.scale_requests import load_requests
from consultations.models import Inquiry
from education import scale
from education.models import Article, EvidenceStatement, GlossaryTerm, Reference
from gutskin.audit.models import AuditEvent

FULL_SIZE = {"articles": 10_000, "statements": 25_000, "references": 5_000, "terms": 1_000, "requests": 100_000}


class Command(BaseCommand):
    help = (
        "Fills a database with made-up articles, evidence and requests, to measure how the site behaves when it grows. "
        "Run again, it adds what is missing to the numbers. Search finds them after rebuild_search."
    )

    def add_arguments(self, parser):
        for name, count in FULL_SIZE.items():
            parser.add_argument(f"--{name}", type=int, default=count, help=f"how many {name} there will be")

    def handle(self, **options):
        refuse_real_data()
        self._started = time.monotonic()
        # In this order: articles cite references and terms, statements are about articles, and requests too.
        scale.load_references(options["references"], self._tell)
        scale.load_terms(options["terms"], self._tell)
        scale.load_articles(options["articles"], self._tell)
        scale.load_statements(options["statements"], self._tell)
        load_requests(options["requests"], self._tell)
        self.stdout.write("Done. `manage.py rebuild_search` makes them known to search.")

    def _tell(self, name, done, count):
        self.stdout.write(f"{time.monotonic() - self._started:6.0f} s  {name}: {done:,} of {count:,}")
        self.stdout.flush()


def refuse_real_data():
    """Raises CommandError on what may be a clinic's database. Nothing there could be told apart again."""
    if settings.HTTPS:
        raise CommandError("This looks like a public site (HTTPS is on). Made-up data would be mixed with real data.")
    ours = Inquiry.objects.filter(sender_digest=scale.MARK)
    logged = AuditEvent.objects.exclude(reference="").exclude(reference__in=ours.values("reference"))
    if Inquiry.objects.exclude(sender_digest=scale.MARK).exists() or logged.exists():
        raise CommandError("There are requests that this command did not make. Use an empty database.")
    # What load_content wrote has a digest, our own has the mark, and an article that anyone saved has their name.
    by_hand = Q(loaded_digest="")
    written = {Article: by_hand | Q(updated_by__isnull=False), EvidenceStatement: by_hand, Reference: by_hand}
    for model, condition in (written | {GlossaryTerm: by_hand}).items():
        if model.objects.filter(condition).exists():
            names = model._meta.verbose_name_plural
            raise CommandError(f"There are {names} that somebody wrote. Use an empty database.")
