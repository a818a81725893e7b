from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from education.seed import checking, files, writing


class Command(BaseCommand):
    help = (
        "Loads the articles, references, glossary, evidence and codes of education/content. May be run at every deploy."
    )

    def add_arguments(self, parser):
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument(
            "--check", action="store_true", help="only check the files; exit status 1 if something is wrong"
        )
        mode.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *args, check, dry_run, **options):
        try:
            content = files.read_content()
        except files.ContentError as error:
            raise CommandError(str(error)) from error
        if problems := checking.problems(content):
            for problem in problems:
                self.stderr.write(problem)
            raise CommandError(f"Problems in education/content: {len(problems)}. Nothing was loaded.")
        if check:
            for kind, number in content.counts().items():
                self.stdout.write(f"{kind}: {number}")
            self.stdout.write("No problem found.")
            return
        # A dry run writes everything and rolls it back, so that its counts are exactly those of a real run.
        with transaction.atomic():
            counts = writing.write_content(content)
            if dry_run:
                transaction.set_rollback(True)
        for kind, by_outcome in counts.items():
            outcomes = ", ".join(f"{number} {outcome}" for outcome, number in sorted(by_outcome.items()))
            self.stdout.write(f"{kind}: {outcomes}")
        if dry_run:
            self.stdout.write("Dry run: nothing was changed.")
