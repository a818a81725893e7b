from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from education import reminders


class Command(BaseCommand):
    help = "Mails authors and reviewers which of their pages are due for review: once a week each, so run it every day."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say who would be told what, and send nothing")

    def handle(self, *, dry_run, **options):
        today = timezone.localdate()
        if dry_run:
            self.foretell(today)
            return
        outcome = reminders.send_reminders(today)
        for article in outcome.nobodys:
            self.stderr.write(f"Nobody with an e-mail address can be told of “{article.shown_title}”.")
        self.stdout.write(f"{outcome.sent} sent, {outcome.failed} not sent.")
        if outcome.failed:
            raise CommandError("Reminders that were not sent are tried again at the next run.")

    def foretell(self, today):
        by_person, nobodys = reminders.digests(today)
        for user in reminders.unsent(by_person, today):
            self.stdout.write(f"{user.get_username()} <{user.email}>")
            for article in by_person[user]:
                self.stdout.write(f"  {article.live.next_review_due:%Y-%m-%d} {article.shown_title}")
        for article in nobodys:
            self.stdout.write(f"nobody: {article.live.next_review_due:%Y-%m-%d} {article.shown_title}")
        self.stdout.write("Dry run: nothing was sent.")
