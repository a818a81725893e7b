import time

from django.core.management.base import CommandError

from gutskin.loop_command import LoopCommand
from gutskin.mail import jobs
from gutskin.mail.models import Notification
from gutskin.mail.outbox import claim, deliver

HOUR = 60 * 60  # seconds


class Command(LoopCommand):
    help = (
        "The mail worker: sends the mail that is waiting in the outbox. With --loop it also runs hourly jobs, such as "
        "the purge. Any number of workers may run at once."
    )
    hourly_jobs_ran_at = None
    heartbeat = "mail_worker"
    begins = "Waiting for mail to send."
    ends = "Stopped. Mail that is waiting stays in the outbox."

    def handle(self, *, loop, pause, **options):
        if loop:
            self.run_until_stopped(pause)
            return
        delivered, failed = self.send_due()
        self.beat()
        self.stdout.write(f"{delivered} delivered, {failed} not delivered.")
        if failed:
            raise CommandError("Mail that was not delivered stays in the outbox and is tried again later.")

    def round(self):
        delivered, failed = self.send_due()
        if delivered or failed:
            self.stdout.write(f"{delivered} delivered, {failed} not delivered.")
        # Mail comes first.
        if self.hourly_jobs_ran_at is None or time.monotonic() - self.hourly_jobs_ran_at > HOUR:
            self.hourly_jobs_ran_at = time.monotonic()
            for job in jobs.hourly:
                for line in job():
                    self.stdout.write(line)
        return False

    def send_due(self):
        for job in jobs.before_sending:
            job()
        delivered = failed = 0
        for notification in Notification.objects.due().prefetch_related("about"):
            if self.stopping:
                break
            # A slow mail server may need minutes for all of them.
            self.beat()
            if not claim(notification):
                continue
            if deliver(notification):
                delivered += 1
            else:
                failed += 1
        return delivered, failed
