import logging
import signal
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from education import reminders
from education.actions import feedback
from education.actions.schedule import due_steps, keep_schedule

logger = logging.getLogger(__name__)

HOUR = 60 * 60


class Command(BaseCommand):
    help = (
        "Publishes and withdraws what is due, makes leaflets, forgets readers' words that grew old, and sends the "
        "reminders of reviews. Any number of these may run at once."
    )
    stopping = False

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="Go on until told to stop (SIGTERM or Ctrl-C).")
        parser.add_argument("--pause", type=float, default=30, help="Seconds between two looks in the loop.")
        parser.add_argument("--dry-run", action="store_true", help="say what is due, and change nothing")

    def handle(self, *, loop, pause, dry_run, **options):
        # What was complained of already: in the loop, the same trouble is told once and not every half minute.
        self.told = {}
        # Printing one takes seconds. Between two of them the loop looks at the days, and whether it is to stop.
        self.leaflets_at_most = 1 if loop else None
        self.hourly_at = time.monotonic()
        if dry_run:
            self.foretell()
        elif loop:
            self.run_until_stopped(pause)
        elif not self.tend():
            raise CommandError("Some of it could not be done. It is tried again at the next run.")

    def foretell(self):
        for moment, name, step, _pk in due_steps(timezone.now()):
            what = "publish" if step.__name__ == "publish_scheduled" else "withdraw"
            self.stdout.write(f"{what}: {name}, due since {timezone.localtime(moment):%Y-%m-%d %H:%M}")
        self.stdout.write("Dry run: nothing was changed.")

    def run_until_stopped(self, pause):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.stdout.write("Tending the pages.")
        self.stdout.flush()
        while not self.stopping:
            close_old_connections()
            try:
                self.tend()
            except (OperationalError, InterfaceError) as error:
                self.stderr.write(f"The database did not answer ({type(error).__name__}). Trying again.")
                connection.close()
            if not self.made:
                self.rest(pause)
        self.stdout.write("Stopped. What is due is done at the next start.")

    def tend(self) -> bool:
        """One round; True when nothing was left undone. The days that were decided on come first."""
        self.made = 0
        chores = [self.keep_days, self.make_leaflets]
        if time.monotonic() >= self.hourly_at:
            self.hourly_at = time.monotonic() + HOUR
            chores += [self.forget_old_words, self.remind]
        return all([self.done(chore) for chore in chores if not self.stopping])

    def done(self, chore) -> bool:
        trouble, error = "", None
        try:
            trouble = chore() or ""
        except (OperationalError, InterfaceError):
            raise
        except Exception as raised:
            # Whatever is wrong with one chore, the others must be done.
            trouble, error = f"{chore.__name__} failed ({type(raised).__name__}).", raised
        if trouble and trouble != self.told.get(chore.__name__):
            logger.warning(trouble, exc_info=error)
        self.told[chore.__name__] = trouble
        return not trouble

    def keep_days(self):
        kept = keep_schedule(timezone.now())
        if kept.published or kept.withdrawn:
            self.stdout.write(f"{kept.published} published, {kept.withdrawn} withdrawn.")
        trouble = [f"{name} has to wait: {' '.join(reasons)}" for name, reasons in kept.refused.items()]
        return "\n".join(trouble)

    def make_leaflets(self):
        from education import leaflets  # what it prints with is large, and a process that only looks needs none of it

        self.made = leaflets.make_missing(at_most=self.leaflets_at_most)
        if self.made:
            self.stdout.write(f"Leaflets made: {self.made}.")

    def forget_old_words(self):
        if forgotten := feedback.forget_old_feedback_words():
            self.stdout.write(f"Readers' words forgotten: {forgotten}.")

    def remind(self):
        outcome = reminders.send_reminders(timezone.localdate())
        if outcome.sent:
            self.stdout.write(f"Reminders sent: {outcome.sent}.")
        return f"{outcome.failed} reminders could not be sent." if outcome.failed else ""

    def rest(self, pause):
        """In short naps: a sleeping process goes on sleeping after a signal."""
        wake_at = time.monotonic() + pause
        while not self.stopping and time.monotonic() < wake_at:
            time.sleep(min(0.2, pause))

    def stop(self, number, frame):
        # The step in hand is finished first.
        self.stopping = True
