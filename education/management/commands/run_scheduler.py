import logging
import time

from django.conf import settings
from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from education import reminders
from education.actions import attach_references, feedback
from education.actions.schedule import due_steps, publish_due
from education.evidence_watch.looking import look_at_next
from education.evidence_watch.pubmed_search import polite_client
from education.evidence_watch.questions import create_missing_questions, update_unedited_questions
from education.models import NewPaper
from gutskin.loop_command import LoopCommand, hourly_jobs
from gutskin.page_cache import content_version

logger = logging.getLogger(__name__)

HOUR = 60 * 60  # seconds
# Composing every page, to see whether its leaflet is up to date, takes seconds of processor time on a large site. In
# between, pages are composed only if something that leaflets print has changed.
COMPOSE_INTERVAL = 10 * 60  # seconds
RECORDS_AT_ONCE = 20


class Command(LoopCommand):
    help = (
        "The scheduler: publishes and withdraws what is due, makes leaflets, deletes old comments from readers, queues "
        "reminders of reviews, and asks PubMed for new trials. Any number of schedulers may run at once."
    )
    pause = 30.0
    heartbeat = "scheduler"
    begins = "The scheduler is running."
    ends = "Stopped. What becomes due will be done at the next start."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="Say what is due, and change nothing.")

    def handle(self, *, loop, pause, dry_run, **options):
        # The latest problem of each job: in the loop it is logged once, not every half minute.
        self.logged = {}
        # Making one takes seconds. Between two of them the loop checks the schedule, and whether it has to stop.
        self.leaflets_at_most = 1 if loop else None
        self.leaflets_made_from, self.compose_at = "", 0.0
        self.hourly_at = time.monotonic()
        if dry_run:
            self.dry_run()
        elif loop:
            self.run_until_stopped(pause)
        elif not self.run_once():
            raise CommandError("Some jobs failed. They are tried again at the next run.")

    def run_once(self) -> bool:
        succeeded = self.run_jobs()
        self.beat()
        return succeeded

    def dry_run(self):
        for at, name, step, _pk in due_steps(timezone.now()):
            what = "publish" if step.__name__ == "publish_scheduled" else "withdraw"
            self.stdout.write(f"{what}: {name}, due since {timezone.localtime(at):%Y-%m-%d %H:%M}")
        self.stdout.write("Dry run: nothing was changed.")

    def round(self):
        self.run_jobs()
        # True: the loop continues at once instead of pausing, since more leaflets may be waiting.
        return self.made > 0

    def run_jobs(self) -> bool:
        """One round; True if every job succeeded. What readers notice comes first."""
        self.made = 0
        jobs = [self.publish_due, self.make_leaflets]
        # Monotonic time: a system clock that is set back must not delay the hourly jobs.
        if time.monotonic() >= self.hourly_at:
            self.hourly_at = time.monotonic() + HOUR
            jobs += [self.delete_old_comments, self.queue_reminders, self.delete_old_changes, *hourly_jobs]
            jobs += [self.prepare_watch] if settings.EVIDENCE_WATCH else []
        # Last: PubMed may be slow.
        jobs += [self.watch_evidence] if settings.EVIDENCE_WATCH else []
        # A list, not a generator: a job that fails must not keep the others from running.
        return all([self.succeeds(job) for job in jobs if not self.stopping])

    def succeeds(self, job) -> bool:
        problem, error = "", None
        try:
            problem = job() or ""
        # LoopCommand reconnects and tries again.
        except (OperationalError, InterfaceError):
            raise
        except Exception as raised:
            # Whatever is wrong with one job, the others must still run.
            problem, error = f"{job.__name__} failed ({type(raised).__name__}).", raised
        # A page that cannot be published would otherwise fill the log with one line every half minute.
        if problem and problem != self.logged.get(job.__name__):
            logger.warning(problem, exc_info=error)
        self.logged[job.__name__] = problem
        return not problem

    def publish_due(self):
        run = publish_due(timezone.now())
        if run.published or run.withdrawn:
            self.stdout.write(f"{run.published} published, {run.withdrawn} withdrawn.")
        return "\n".join(f"{name} has to wait: {' '.join(reasons)}" for name, reasons in run.refused.items())

    def make_leaflets(self):
        from education import leaflets  # not at the top: it imports large libraries that the other jobs do not need

        # Taken before composing, so that a change made while pages are composed is noticed in the next round.
        sources, now = leaflets.sources_digest(), time.monotonic()
        if sources == self.leaflets_made_from and now < self.compose_at:
            return
        self.made = leaflets.make_missing(at_most=self.leaflets_at_most)
        if self.made:
            self.stdout.write(f"Leaflets made: {self.made}.")
        else:
            self.leaflets_made_from, self.compose_at = sources, now + COMPOSE_INTERVAL

    def prepare_watch(self):
        """Questions for new cells, and the records of decided papers that could not be fetched at once."""
        update_unedited_questions(timezone.now())
        create_missing_questions(timezone.now())
        papers = NewPaper.objects.without_reference().select_related("decided_by")[:RECORDS_AT_ONCE]
        if papers:
            with polite_client(max_wait=0) as client:
                attach_references(papers, client)

    def watch_evidence(self):
        """One question each round. That PubMed did not answer is said in admin, and is no failure of the scheduler."""
        looks = look_at_next(now=timezone.now(), most=1)
        if looks.found:
            self.stdout.write(f"New papers found: {looks.found}.")

    def delete_old_changes(self):
        content_version.delete_old_changes()

    def delete_old_comments(self):
        if deleted := feedback.delete_old_feedback_words():
            self.stdout.write(f"Readers' comments deleted: {deleted}.")

    def queue_reminders(self):
        if queued := reminders.queue_reminders(timezone.localdate()).queued:
            self.stdout.write(f"Reminders queued: {queued}.")
