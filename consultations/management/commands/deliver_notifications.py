import signal
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from consultations.models import Notification
from consultations.outbox import claim, deliver


class Command(BaseCommand):
    help = "Sends the mails that are waiting. Any number of these may run at once."
    stopping = False

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="Go on until told to stop (SIGTERM or Ctrl-C).")
        parser.add_argument("--pause", type=float, default=5, help="Seconds between two looks in the loop.")

    def handle(self, *, loop, pause, **options):
        if loop:
            self.run_until_stopped(pause)
            return
        delivered, failed = self.deliver_due()
        self.stdout.write(f"{delivered} delivered, {failed} not delivered.")
        if failed:
            raise CommandError("Mails that were not delivered stay in the outbox and are tried again later.")

    def run_until_stopped(self, pause):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.stdout.write("Waiting for mail to send.")
        self.stdout.flush()
        while not self.stopping:
            close_old_connections()
            try:
                delivered, failed = self.deliver_due()
            except (DatabaseError, InterfaceError) as error:
                self.stderr.write(f"The database did not answer ({type(error).__name__}). Trying again.")
                connection.close()
            else:
                if delivered or failed:
                    self.stdout.write(f"{delivered} delivered, {failed} not delivered.")
            self.rest(pause)
        self.stdout.write("Stopped. What is waiting stays in the outbox.")

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

    def rest(self, pause):
        """In short naps: a sleeping process goes on sleeping after a signal."""
        wake_at = time.monotonic() + pause
        while not self.stopping and time.monotonic() < wake_at:
            time.sleep(min(0.2, pause))

    def stop(self, number, frame):
        # The mail in hand is sent and written down first.
        self.stopping = True
