import time

from django.core.management.base import CommandError

from consultations.actions import answer_link_requests
from consultations.models import Notification
from consultations.outbox import claim, deliver
from consultations.retention import purge
from gutskin.loop_command import LoopCommand

TIDY_EVERY = 60 * 60  # seconds


class Command(LoopCommand):
    help = "Sends the mails that are waiting; in the loop it also purges, once an hour. Any number may run at once."
    tidied_at = None
    begins = "Waiting for mail to send."
    ends = "Stopped. What is waiting stays in the outbox."

    def handle(self, *, loop, pause, **options):
        if loop:
            self.run_until_stopped(pause)
            return
        delivered, failed = self.deliver_due()
        self.stdout.write(f"{delivered} delivered, {failed} not delivered.")
        if failed:
            raise CommandError("Mails that were not delivered stay in the outbox and are tried again later.")

    def round(self):
        delivered, failed = self.deliver_due()
        if delivered or failed:
            self.stdout.write(f"{delivered} delivered, {failed} not delivered.")
        if self.tidied_at is None or time.monotonic() - self.tidied_at > TIDY_EVERY:
            self.tidied_at = time.monotonic()
            self.tidy()
        return False

    def tidy(self):
        """What RETENTION_DAYS promises happens without anybody's cron; mail comes first."""
        done = purge()
        for name, count in sorted(done.counts.items()):
            self.stdout.write(f"Purged: {count} × {name}.")
        if done.failed:
            self.stderr.write(f"Not purged, and tried again in an hour: {', '.join(done.failed)}.")

    def deliver_due(self):
        answer_link_requests()
        delivered = failed = 0
        for notification in Notification.objects.due().select_related("inquiry"):
            if self.stopping:
                break
            if not claim(notification):
                continue
            if deliver(notification):
                delivered += 1
            else:
                failed += 1
        return delivered, failed
