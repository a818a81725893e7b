import logging
import time

from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from education import reminders
from education.actions import feedback
from education.actions.schedule import due_steps, keep_schedule
from gutskin.loop_command import LoopCommand

logger = logging.getLogger(__name__)

HOUR = 60 * 60
# Composing every page to compare it takes seconds of a processor where there are many. In between, it is done only
# when something that leaflets print has changed.
COMPOSE_AFTER = 10 * 60


class Command(LoopCommand):
    help = (
        "Publishes and withdraws what is due, makes leaflets, forgets readers' words that grew old, and sends the "
        "reminders of reviews. Any number of these may run at once."
    )
    pause = 30.0
    begins = "Tending the pages."
    ends = "Stopped. What is due is done at the next start."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="Say what is due, and change nothing.")

    def handle(self, *, loop, pause, dry_run, **options):
        # What was complained of already: in the loop, the same trouble is told once and not every half minute.
        self.told = {}
        # Printing one takes seconds. Between two of them the loop looks at the days, and whether it is to stop.
        self.leaflets_at_most = 1 if loop else None
        self.leaflets_true_of, self.compose_at = "", 0.0
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

    def round(self):
        self.tend()
        return self.made > 0

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

        # Asked first: what changes while pages are composed is seen in the next round.
        sources, now = leaflets.sources_digest(), time.monotonic()
        if sources == self.leaflets_true_of and now < self.compose_at:
            return
        self.made = leaflets.make_missing(at_most=self.leaflets_at_most)
        if self.made:
            self.stdout.write(f"Leaflets made: {self.made}.")
        else:
            self.leaflets_true_of, self.compose_at = sources, now + COMPOSE_AFTER

    def forget_old_words(self):
        if forgotten := feedback.forget_old_feedback_words():
            self.stdout.write(f"Readers' words forgotten: {forgotten}.")

    def remind(self):
        outcome = reminders.send_reminders(timezone.localdate())
        if outcome.sent:
            self.stdout.write(f"Reminders sent: {outcome.sent}.")
        return f"{outcome.failed} reminders could not be sent." if outcome.failed else ""
