"""Watched evidence: a question to PubMed for each cell of the evidence map, and the new papers that it found."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from education.models.article_queryset import RowsAsJSON

# A question is asked again after this long.
LOOK_EVERY = timedelta(days=7)


class EvidenceQuestionQuerySet(models.QuerySet):
    def asked(self):
        """Those that PubMed is asked: switched on, and about a condition that readers can see."""
        return self.filter(is_asked=True, condition__live__isnull=False)

    def due(self, now):
        # A day that is further off was set by a clock that was ahead.
        return self.asked().filter(Q(due_at__lte=now) | Q(due_at__gt=now + 2 * LOOK_EVERY))

    def due_or_failed(self, now):
        return self.due(now) | self.asked().filter(failures__gt=0)

    def in_order_of_need(self):
        """First those that were never tried, then those whose last try is longest ago.

        One that failed has to let the others go before it: a run gives up after three failures, so three questions
        that fail each time would otherwise keep all others from being asked.
        """
        return self.order_by(F("tried_at").asc(nulls_first=True), "due_at", "pk")

    def unanswered_since(self, moment):
        """Those that PubMed did not answer. “Too many papers” is an answer."""
        return self.asked().filter(failures__gt=0, tried_at__gt=moment)


class EvidenceQuestion(models.Model):
    """What PubMed is asked about one cell of the map. The command watch_evidence makes it; clinicians improve it."""

    class State(models.TextChoices):
        NEVER = "never", _lazy("Not asked yet")
        LOOKED = "looked", _lazy("Asked")
        FAILED = "failed", _lazy("The last time failed")

    condition = models.ForeignKey(
        "Article", verbose_name=_lazy("condition"), on_delete=models.CASCADE, related_name="evidence_questions"
    )
    intervention = models.ForeignKey(
        "Intervention",
        verbose_name=_lazy("intervention"),
        on_delete=models.CASCADE,
        to_field="slug",
        db_column="intervention",
        related_name="evidence_questions",
    )
    query = models.TextField(
        _lazy("question to PubMed"),
        max_length=2000,
        help_text=_lazy("As you would type it there. That it must be a trial or a review of trials is added to it."),
    )
    # As it was made. While the query is the same, no one has edited it, and it follows the names of its cell.
    made_query = models.TextField(blank=True, editable=False)
    is_asked = models.BooleanField(
        _lazy("is asked"), default=True, help_text=_lazy("Untick it if no trial could answer this question.")
    )
    since = models.DateField(
        _lazy("papers since"), help_text=_lazy("The first look asks for papers that came into PubMed since this day.")
    )
    # When the last look began whose answers are all stored.
    last_looked_at = models.DateTimeField(_lazy("last looked"), null=True, blank=True, editable=False)
    last_count = models.PositiveIntegerField(_lazy("papers in the last answer"), null=True, blank=True, editable=False)
    state = models.CharField(_lazy("state"), max_length=10, choices=State, default=State.NEVER, editable=False)
    failure = models.CharField(_lazy("why it failed"), max_length=300, blank=True, editable=False)
    # How often in a row PubMed did not answer; 0 after an answer, even if that had too many papers.
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    due_at = models.DateTimeField(_lazy("to be asked"), default=timezone.now, editable=False, db_index=True)
    tried_at = models.DateTimeField(null=True, editable=False)
    # While one process asks, no other one does.
    claimed_at = models.DateTimeField(null=True, editable=False)

    objects = EvidenceQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("question to PubMed")
        verbose_name_plural = _lazy("questions to PubMed")
        ordering = ["condition__title", "intervention__position", "pk"]
        # The command watch_evidence adds them; switched off, they stay.
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["condition", "intervention"], name="one_question_of_a_cell"),
            models.CheckConstraint(
                condition=~Q(state="looked") | Q(last_looked_at__isnull=False), name="a_look_has_its_moment"
            ),
        ]

    def __str__(self):
        return f"{self.condition}: {self.intervention}"


class NewPaperQuerySet(models.QuerySet):
    def undecided(self):
        return self.filter(decision="")

    def trials(self):
        return self.filter(kind=NewPaper.Kind.TRIAL)

    def of_cell(self, condition, intervention):
        return self.filter(question__condition=condition, question__intervention=intervention)

    def that_changed_a_statement(self, language, count):
        """Those that led to one of the `count` statements approved last, with what the feed shows, the newest first."""
        approved = self.filter(
            decision=NewPaper.Decision.CHANGES,
            statement__language=language,
            statement__state="published",
            statement__reviewed_on__isnull=False,
            statement__condition__live__isnull=False,
        ).order_by("-statement__reviewed_on", "-statement", "pk")
        return approved.select_related("statement__condition__live", "statement__intervention")[:count]

    def without_reference(self):
        """Papers that were to be attached to a statement, but whose record PubMed has not given yet."""
        return self.filter(statement__isnull=False, reference__isnull=True)


class NewPaper(models.Model):
    """A paper that a question to PubMed found. A person decides what it means for the statements of the cell."""

    class Kind(models.TextChoices):
        TRIAL = "trial", _lazy("Randomised trial")
        REVIEW = "review", _lazy("Systematic review")
        UNSURE = "unsure", _lazy("Perhaps one of the two")

    class Decision(models.TextChoices):
        CHANGES = "changes", _lazy("Changes a statement")
        SUPPORTS = "supports", _lazy("Supports what we say")
        DOES_NOT_BELONG = "does-not-belong", _lazy("Does not belong here")

    question = models.ForeignKey(
        EvidenceQuestion, verbose_name=_lazy("question"), on_delete=models.CASCADE, related_name="papers"
    )
    pmid = models.CharField("PMID", max_length=20)
    title = models.TextField(_lazy("title"))
    journal = models.CharField(_lazy("journal"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_lazy("year"), null=True, blank=True)
    kind = models.CharField(_lazy("kind"), max_length=10, choices=Kind)
    publication_types = models.JSONField(_lazy("publication types"), default=list)
    found_at = models.DateTimeField(_lazy("found"))
    decision = models.CharField(_lazy("decision"), max_length=20, choices=Decision, blank=True)
    note = models.TextField(_lazy("note"), blank=True)
    decided_at = models.DateTimeField(_lazy("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_lazy("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    statement = models.ForeignKey(
        "EvidenceStatement",
        verbose_name=_lazy("statement"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="new_papers",
        help_text=_lazy("The draft to which it was attached."),
    )
    reference = models.ForeignKey(
        "Reference",
        verbose_name=_lazy("reference"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = NewPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("new paper")
        verbose_name_plural = _lazy("new papers")
        ordering = ["-found_at", "-pk"]
        # Only a look adds papers, and a decided one must not come back: no one deletes them.
        default_permissions = ("view", "change")
        indexes = [
            # The list of the staff, and what a statement says of its cell.
            models.Index(fields=["question", "kind"], condition=Q(decision=""), name="paper_undecided"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["question", "pmid"], name="paper_once_for_a_question"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | ~Q(decision="") & Q(decided_at__isnull=False),
                name="paper_decision_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=["changes", "does-not-belong"]) | ~Q(note=""),
                name="paper_decision_has_a_reason",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_decided(self):
        return self.decision != ""

    @property
    def link(self):
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"


def day_of_last_look():
    """The day on which the cell of a statement was last looked at, in the time zone of the site."""
    question = EvidenceQuestion.objects.filter(
        condition=OuterRef("condition"), intervention=OuterRef("intervention"), is_asked=True
    )
    return Subquery(question.order_by().values(day=TruncDate("last_looked_at"))[:1])


def days_of_last_looks():
    """The rows of the map that were looked at for a condition, each with the day, as a list of dicts for its column."""
    looked = EvidenceQuestion.objects.filter(condition=OuterRef("pk"), is_asked=True, last_looked_at__isnull=False)
    row = JSONObject(intervention="intervention", day=TruncDate("last_looked_at"))
    # Grouped by a constant they are one group, as in models/article_queryset.py.
    rows = looked.order_by().values(everything=Value(1)).annotate(rows=RowsAsJSON(row))
    return Subquery(rows.values("rows"))


def papers_of_the_cell():
    """The papers found for the cell of a statement, for a subquery of statements."""
    return NewPaper.objects.filter(
        question__condition=OuterRef("condition"), question__intervention=OuterRef("intervention")
    ).order_by()


def trial_is_waiting():
    """Is a randomised trial in the cell of a statement waiting for a decision?"""
    return Exists(papers_of_the_cell().undecided().trials())


def something_was_found():
    """Did a look find anything that may answer the question of a statement that says that there was nothing?

    A paper that a person put aside does not count, nor does one that was decided before the search of the statement.
    """
    changed = Q(decision=NewPaper.Decision.CHANGES, decided_at__gte=OuterRef("search_date"))
    return Exists(papers_of_the_cell().filter(Q(decision="") | changed))
