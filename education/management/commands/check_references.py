from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from education.actions import record_check
from education.models import Reference, ReferenceCheck
from education.references import registers
from education.references.client import RegisterClient

Outcome = ReferenceCheck.Outcome
MAX_WAIT = 120
# After so many questions without a usable answer, one after the other, a register is left in peace for this run.
GIVE_UP_AFTER = 3
UNREACHABLE_EXIT, FOUND_EXIT = 1, 3


def positive(text: str) -> int:
    """A whole number of at least one. Raises ValueError, which argparse turns into a sentence."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


class Command(BaseCommand):
    help = (
        "Asks Crossref and PubMed what they know of our references and writes down what they say. Exit status: 0 done, "
        "1 a register gave no usable answer, 3 done and something new needs a person's look."
    )

    def add_arguments(self, parser):
        parser.add_argument("--key", action="append", help="only this reference, rejected or not; may be repeated")
        parser.add_argument("--limit", type=positive, help="at most so many references")
        parser.add_argument(
            "--stale-days", type=positive, default=0, help="only those that no register answered about for so many days"
        )
        parser.add_argument("--dry-run", action="store_true", help="ask and say what was found, and write nothing")

    def handle(self, *args, key, limit, stale_days, dry_run, verbosity, **options):
        references = list(self._references(key, stale_days)[:limit])
        self.counts, self.failures, self.news = Counter(), Counter(), 0
        with RegisterClient(max_wait=MAX_WAIT, pause=settings.REGISTER_PAUSE) as client:
            for number, reference in enumerate(references, 1):
                if verbosity > 1 or (verbosity and self.stdout.isatty()):
                    self.stdout.write(f"{number}/{len(references)} {reference.key}")
                self._check(reference, client, dry_run)
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.counts.items()))
        self.stdout.write(f"{len(references)} references: {told or 'nothing to ask'}")
        if dry_run:
            self.stdout.write("Dry run: nothing was changed.")
        self._finish()

    def _references(self, keys, stale_days):
        if keys:
            found = Reference.objects.filter(key__in=keys)
            if missing := sorted(set(keys) - set(found.values_list("key", flat=True))):
                raise CommandError(f"There is no reference {', '.join(missing)}.")
            return found
        # What was rejected or merged rests; whoever wants to know more of one names it with --key.
        standing = Reference.objects.public()
        if stale_days:
            since = timezone.now() - timedelta(days=stale_days)
            answered = ReferenceCheck.objects.exclude(outcome=Outcome.UNREACHABLE)
            standing = standing.exclude(Exists(answered.filter(reference=OuterRef("pk"), checked_at__gte=since)))
        return standing

    def _check(self, reference, client, dry_run):
        wanted = registers.registers_for(reference)
        if not wanted:
            self.counts["without a number to ask by"] += 1
        answers = []
        for register in wanted:
            if self.failures[register] >= GIVE_UP_AFTER:
                self.counts["not asked, because the register does not answer"] += 1
                continue
            answer = registers.ask(reference, register, client)
            self.failures[register] = self.failures[register] + 1 if answer.outcome == Outcome.UNREACHABLE else 0
            self._tell(reference, answer)
            answers.append(answer)
        if answers:
            with transaction.atomic():
                record_check(reference, answers)
                transaction.set_rollback(dry_run)

    def _tell(self, reference, answer):
        outcome = Outcome(answer.outcome)
        self.counts[str(outcome.label).lower()] += 1
        if outcome == Outcome.AGREES:
            return
        known = reference.checks.filter(register=answer.register).first()
        is_new = known is None or (known.outcome, known.notice, known.differences) != (
            answer.outcome,
            answer.notice,
            answer.differences,
        )
        if outcome != Outcome.UNREACHABLE and is_new:
            self.news += 1
        fields = ", ".join(entry["field"] for entry in answer.differences if entry["contradicts"])
        details = " ".join(part for part in (answer.notice, fields and f"({fields})") if part)
        register = ReferenceCheck.Register(answer.register).label
        self.stdout.write(f"{reference.key}: {register}: {outcome.label}{': ' if details else ''}{details}")

    def _finish(self):
        silent = [ReferenceCheck.Register(name).label for name, count in self.failures.items() if count]
        if self.counts[str(Outcome.UNREACHABLE.label).lower()]:
            names = f" ({', '.join(silent)})" if silent else ""
            raise CommandError(f"Not every question was answered{names}. Run it again.", returncode=UNREACHABLE_EXIT)
        if self.news:
            raise CommandError(f"{self.news} answers need a person's look, in admin.", returncode=FOUND_EXIT)
