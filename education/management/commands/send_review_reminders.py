from django.core.management.base import BaseCommand
from django.utils import timezone

from education import reminders


class Command(BaseCommand):
    help = (
        "Puts reminders of pages that are due for review into the outbox, for their authors and reviewers. Each person "
        "gets one per week, so it can be run every day."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="Say who would be reminded of what, but send nothing."
        )

    def handle(self, *, dry_run, **options):
        today = timezone.localdate()
        if dry_run:
            self.dry_run(today)
            return
        outcome = reminders.queue_reminders(today)
        for article in outcome.without_recipient:
            self.stderr.write(f"No one with an e-mail address can be reminded of “{article.shown_title}”.")
        self.stdout.write(f"{outcome.queued} reminders queued.")

    def dry_run(self, today):
        by_person, without_recipient = reminders.digests(today)
        for user in reminders.not_yet_reminded(by_person, today):
            self.stdout.write(f"{user.get_username()} <{user.email}>")
            for article in by_person[user]:
                self.stdout.write(f"  {article.live.next_review_due:%Y-%m-%d} {article.shown_title}")
        for article in without_recipient:
            self.stdout.write(f"no one: {article.live.next_review_due:%Y-%m-%d} {article.shown_title}")
        self.stdout.write("Dry run: nothing was sent.")
