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
# Seconds in all that a register which asks us to come back later may make this command wait.
MAX_WAIT = 120
# After this many requests in a row without a usable answer, a register is not asked again in this run.
GIVE_UP_AFTER = 3
# 2 is left out: argparse uses it for wrong arguments.
UNREACHABLE_EXIT, FOUND_EXIT = 1, 3


def positive(text: str) -> int:
    """An integer of at least 1. Raises ValueError, which argparse turns into a message."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


class Command(BaseCommand):
    help = (
        "Asks Crossref and PubMed about our references and records their answers. Exit status: 0 done, 1 a register "
        "gave no usable answer, 3 done and a person should look at something new."
    )

    def add_arguments(self, parser):
        parser.add_argument("--key", action="append", help="only this reference, rejected or not; may be repeated")
        parser.add_argument("--limit", type=positive, help="check at most this many references")
        parser.add_argument(
            "--stale-days",
            type=positive,
            default=0,
            help="only references without an answer for this many days",
        )
        parser.add_argument("--dry-run", action="store_true", help="ask and report what was found, but store nothing")

    def handle(self, *args, key, limit, stale_days, dry_run, verbosity, **options):
        references = list(self._references(key, stale_days)[:limit])
        self.counts, self.failures, self.news = Counter(), Counter(), 0
        with RegisterClient(max_wait=MAX_WAIT, pause=settings.REGISTER_PAUSE) as client:
            for number, reference in enumerate(references, 1):
                # Progress for a person at a terminal; in a log of a scheduled job it would be noise.
                if verbosity > 1 or (verbosity and self.stdout.isatty()):
                    self.stdout.write(f"{number}/{len(references)} {reference.key}")
                self._check(reference, client, dry_run)
        counts = [("References", len(references)), *sorted(self.counts.items())]
        self.stdout.write(" ".join(f"{what}: {count}." for what, count in counts))
        if dry_run:
            self.stdout.write("Dry run: nothing was changed.")
        self._finish()

    def _references(self, keys, stale_days):
        if keys:
            found = Reference.objects.filter(key__in=keys)
            if missing := sorted(set(keys) - set(found.values_list("key", flat=True))):
                raise CommandError(f"There is no reference {', '.join(missing)}.")
            return found
        # Rejected and merged references are left out; --key checks even those.
        references = Reference.objects.public()
        if stale_days:
            since = timezone.now() - timedelta(days=stale_days)
            answered = ReferenceCheck.objects.exclude(outcome=Outcome.UNREACHABLE)
            references = references.exclude(Exists(answered.filter(reference=OuterRef("pk"), checked_at__gte=since)))
        return references

    def _check(self, reference, client, dry_run):
        wanted = registers.registers_for(reference)
        if not wanted:
            self.counts["Without a DOI or PMID"] += 1
        answers = []
        for register in wanted:
            if self.failures[register] >= GIVE_UP_AFTER:
                # A register that is down would make each remaining reference wait for its time limit.
                self.counts["Not asked, because the register does not answer"] += 1
                continue
            answer = registers.ask(reference, register, client)
            self.failures[register] = self.failures[register] + 1 if answer.outcome == Outcome.UNREACHABLE else 0
            self._report(reference, answer)
            answers.append(answer)
        if answers:
            with transaction.atomic():
                # A dry run does everything and rolls it back, so that it reports exactly what a real run would do.
                record_check(reference, answers)
                transaction.set_rollback(dry_run)

    def _report(self, reference, answer):
        outcome = Outcome(answer.outcome)
        self.counts[str(outcome.label)] += 1
        if outcome == Outcome.AGREES:
            return
        known = reference.checks.filter(register=answer.register).first()
        # A problem that was already recorded must not raise the alarm again at every run.
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
        # An unanswered question comes before news: a scheduler should run the command again.
        if self.counts[str(Outcome.UNREACHABLE.label)]:
            names = f" ({', '.join(silent)})" if silent else ""
            raise CommandError(f"Not every question was answered{names}. Run it again.", returncode=UNREACHABLE_EXIT)
        if self.news:
            raise CommandError(
                f"New answers that a person should look at in admin: {self.news}.", returncode=FOUND_EXIT
            )
