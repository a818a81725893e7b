from django.core.management.base import CommandError

from consultations.models import Notification
from consultations.outbox import claim, deliver
from gutskin.loop_command import LoopCommand


class Command(LoopCommand):
    help = "Sends the mails that are waiting. Any number of these may run at once."
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
        return False

    def deliver_due(self):
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
