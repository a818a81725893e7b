from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from education.models.reference import Reference


class RevisionState(models.TextChoices):
    """From “in review” to scheduled, published or changes requested; from scheduled to published or changes requested;
    from published to superseded or withdrawn. The other states are final: the next text is a new revision.
    """

    IN_REVIEW = "in_review", _lazy("In review")
    SCHEDULED = "scheduled", _lazy("Approved, waiting for its day")
    CHANGES_REQUESTED = "changes_requested", _lazy("Changes requested")
    PUBLISHED = "published", _lazy("Published")
    SUPERSEDED = "superseded", _lazy("Superseded")
    WITHDRAWN = "withdrawn", _lazy("Withdrawn")


class RevisionQuerySet(models.QuerySet):
    def awaiting_review(self):
        return self.filter(state=RevisionState.IN_REVIEW)

    def under_way(self):
        """Revisions that are neither published nor sent back yet."""
        return self.filter(state__in=[RevisionState.IN_REVIEW, RevisionState.SCHEDULED])

    def scheduled(self):
        return self.filter(state=RevisionState.SCHEDULED)

    def due_for_publication(self, now):
        """Scheduled revisions whose time has come."""
        return self.scheduled().filter(publish_at__lte=now)

    def written_by(self, user):
        """Revisions for which `was_written_by(user)` is true."""
        return self.filter(Q(author=user) | Exists(self._contributions_of(user)))

    def to_review_by(self, user):
        """Revisions that this user may review: waiting, and not written by them."""
        return self.awaiting_review().exclude(author=user).exclude(Exists(self._contributions_of(user)))

    def sent_back_to(self, user):
        """Revisions of this user that were sent back, without a newer revision since."""
        newer = Revision.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
        return self.written_by(user).filter(~Exists(newer), state=RevisionState.CHANGES_REQUESTED)

    @staticmethod
    def _contributions_of(user):
        return Revision.contributors.through.objects.filter(revision=OuterRef("pk"), user=user)

    def resting_on_flagged(self):
        """Revisions whose text cites a source that was retracted or rejected."""
        # From the few flagged sources to what cites them: the other way, each source of each page is looked up.
        citations = Revision.references.through.objects.filter(reference__in=Reference.objects.flagged())
        return self.filter(pk__in=citations.values("revision"))


class Revision(models.Model):
    """A numbered snapshot of an article, rendered when it is made. Afterwards only its state and review change."""

    article = models.ForeignKey("Article", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_lazy("number"))
    state = models.CharField(_lazy("state"), max_length=20, choices=RevisionState, default=RevisionState.IN_REVIEW)
    title = models.CharField(_lazy("title"), max_length=120)
    summary = models.CharField(_lazy("summary"), max_length=300)
    # Lists of plain values instead of relations: a snapshot must not change when the rows that it names do.
    key_points = models.JSONField(_lazy("in short"), default=list)
    actions = models.JSONField(_lazy("what you can do"), default=list)
    body = models.TextField(_lazy("text as written"))
    body_html = models.TextField(_lazy("text as shown"))
    contents = models.JSONField(_lazy("table of contents"), default=list)
    glossary = models.JSONField(_lazy("glossary words explained on the page"), default=list)
    questions = models.JSONField(_lazy("questions to take to your clinician"), default=list)
    care_cards = models.JSONField(_lazy("care cards"), default=list)
    related_ids = models.JSONField(_lazy("related articles"), default=list)
    reference_keys = models.JSONField(_lazy("references in order of citation"), default=list)
    references = models.ManyToManyField("Reference", related_name="revisions", verbose_name=_lazy("references"))
    conflicts_of_interest = models.TextField(_lazy("conflicts of interest"))
    # Measured once, at submission: lists show them without loading the texts.
    word_count = models.PositiveIntegerField(_lazy("words"))
    reading_grade = models.FloatField(_lazy("reading grade"), help_text=_lazy("Flesch–Kincaid grade, in school years."))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_lazy("author"), null=True, blank=True, on_delete=models.SET_NULL
    )
    # Everyone whose text no one has reviewed yet. None of them may approve the revision: four eyes on every page.
    contributors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_lazy("contributors"), related_name="+"
    )
    note = models.TextField(_lazy("note to the reviewer"), blank=True)
    created_at = models.DateTimeField(_lazy("submitted"), default=timezone.now)
    publish_at = models.DateTimeField(_lazy("to be published"), null=True, blank=True)
    published_at = models.DateTimeField(_lazy("published"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_lazy("withdrawn"), null=True, blank=True)
    reviewer = models.ForeignKey(
        "Clinician", verbose_name=_lazy("reviewer"), null=True, blank=True, on_delete=models.PROTECT
    )
    last_reviewed = models.DateField(_lazy("page last reviewed"), null=True, blank=True)
    next_review_due = models.DateField(_lazy("next review due"), null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("revision")
        verbose_name_plural = _lazy("revisions")
        ordering = ["article", "-number"]
        permissions = [("review_revision", _lazy("Can review revisions and evidence statements"))]
        indexes = [
            # Feeds and sitemap: what was published last, without reading texts. Not a partial index: SQLite would not
            # use it, because it prepares the query without knowing which state is asked for.
            models.Index(fields=["state", "published_at", "article"], name="revision_published_last"),
            # In admin, the newest first. With all that the list is sorted and filtered by: the rows have long texts.
            models.Index(
                fields=[
                    *("created_at", "article", "number", "state", "title", "author"),
                    *("reading_grade", "word_count", "reviewer", "next_review_due"),
                ],
                name="revision_list",
            ),
            # What is due for review.
            models.Index(fields=["state", "next_review_due"], name="revision_review_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            # Whatever goes wrong in an action, readers never get two versions of a page.
            models.UniqueConstraint(fields=["article"], condition=Q(state="published"), name="one_published_revision"),
            # Scheduled ones too: otherwise one could later replace a text that was approved after it.
            models.UniqueConstraint(
                fields=["article"], condition=Q(state__in=["in_review", "scheduled"]), name="one_revision_under_way"
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(publish_at__isnull=False, reviewer__isnull=False),
                name="scheduled_has_its_day_and_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True, last_reviewed__isnull=True, next_review_due__isnull=True)
                | Q(reviewer__isnull=False, last_reviewed__isnull=False, next_review_due__isnull=False),
                name="reviewer_and_both_dates_together",
            ),
        ]

    def __str__(self):
        return f"{self.title} · {self.number}"

    @property
    def is_reviewed(self):
        return self.reviewer_id is not None

    @property
    def is_overdue(self):
        return self.next_review_due is not None and self.next_review_due < timezone.localdate()

    def was_written_by(self, user):
        """True for the user who submitted it, and for everyone who contributed text that no one has reviewed yet."""
        return self.author_id == user.pk or self.contributors.filter(pk=user.pk).exists()

    def times_cited(self, number):
        """How often the text cites the reference with this number in its list."""
        return self.body_html.count(f'href="#ref-{number}"')
