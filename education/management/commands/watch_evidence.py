from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from education.actions import attach_references
from education.evidence_watch.looking import look_at_each
from education.evidence_watch.pubmed_search import polite_client
from education.evidence_watch.questions import create_missing_questions, update_unedited_questions
from education.management.commands.check_references import FOUND_EXIT, MAX_WAIT, UNREACHABLE_EXIT, positive
from education.models import EvidenceQuestion, NewPaper

# Run each week by cron, it begins a little earlier or later each time.
EARLY = timedelta(days=1)


class Command(BaseCommand):
    help = (
        "Asks PubMed about each cell of the evidence map for new trials and reviews, which then wait for a decision in "
        "admin. Exit status: 0 done, 1 not every question was answered, 3 done and there are new papers."
    )

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=positive, help="ask at most this many questions")
        parser.add_argument("--all", action="store_true", help="also the questions that are not due yet")
        parser.add_argument("--dry-run", action="store_true", help="say what would be asked; ask and change nothing")

    def handle(self, *args, limit, all, dry_run, verbosity, **options):
        now = timezone.now()
        if not dry_run:
            update_unedited_questions(now)
            added = create_missing_questions(now)
            if added:
                self.stdout.write(f"Questions added: {added}.")
        questions = self._questions(now, all)[:limit]
        if dry_run:
            for question in questions:
                self.stdout.write(f"{question}: {question.query}")
            self.stdout.write(f"Dry run: nothing was asked or changed. Due: {len(questions)}.")
            return
        with polite_client(MAX_WAIT) as client:
            looks = look_at_each(questions, client, now=now, report=self._report)
            failures = attach_references(NewPaper.objects.without_reference().select_related("decided_by"), client)
        for failure in failures:
            self.stdout.write(failure)
        self.stdout.write(f"Asked: {looks.asked}. New papers: {looks.found}. Failed: {looks.failed}.")
        if looks.failed or looks.left or failures:
            left = f" Not asked: {looks.left}." if looks.left else ""
            raise CommandError(f"Not everything was answered. Run it again.{left}", returncode=UNREACHABLE_EXIT)
        if looks.found:
            raise CommandError(f"New papers wait for a decision in admin: {looks.found}.", returncode=FOUND_EXIT)

    def _questions(self, now, all):
        questions = EvidenceQuestion.objects.asked() if all else EvidenceQuestion.objects.due_or_failed(now + EARLY)
        return questions.in_order_of_need().select_related("condition", "intervention")

    def _report(self, question, found):
        if question.failure:
            self.stdout.write(f"{question}: {question.failure}")
        elif found:
            self.stdout.write(f"{question}: {found} new")
