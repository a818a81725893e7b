from django.conf import settings
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from education.models.article import Language
from education.models.effects import UNRATED_EFFECTS, Certainty, Direction, Effect
from education.models.evidence_watch import day_of_last_look, something_was_found, trial_is_waiting
from education.models.intervention import Intervention
from education.models.reference import Reference
from education.models.shown_statement import ShownStatement, shown_statement

TEXTS_OF_A_REVISION = ["key_points", "actions", "body", "body_html", "contents", "glossary", "questions", "care_cards"]
TEXTS_OF_A_REVISION += ["related_ids", "reference_keys", "conflicts_of_interest", "note"]
# Of an article, and of its live revision.
TEXTS = ["key_points", "actions", "body", "questions", "conflicts_of_interest", "withdraw_reason"]
TEXTS += [f"live__{name}" for name in TEXTS_OF_A_REVISION]


class EvidenceStatementQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=EvidenceStatement.State.PUBLISHED)

    def in_language(self, language):
        return self.filter(language=language)

    def with_live_pages(self):
        """With the live pages of the condition and the therapy, whose titles readers see, and `with_flag()` and row."""
        pages = self.select_related("condition__live", "therapy__live")
        # Their texts would be most of what the database sends.
        return (
            pages.defer(*(f"{page}__{name}" for page in ("condition", "therapy") for name in TEXTS))
            .with_flag()
            .with_row()
        )

    def most_certain(self, count):
        """The `count` statements with the highest certainty, and harms before benefits of the same certainty."""
        levels = [When(certainty=level, then=Value(rank)) for rank, level in enumerate(Certainty.values)]
        level = Case(*levels, default=Value(len(levels)))
        harm = Case(When(effect=Effect.WORSE, then=Value(0)), default=Value(1))
        return self.filter(pk__in=self.order_by(level, harm, "pk").values("pk")[:count])

    def with_flag(self):
        """With all that `shown` needs: `flag`, and what the watch says of its cell.

        `flag` is "retracted" or "rejected" if a source of the statement is, else None; `watched_on` the day of the last
        look for new papers, or None; `trial_waits` and `watch_found` say what was found (models/evidence_watch.py).
        """
        flagged = Reference.objects.flagged().filter(evidencestatement=OuterRef("pk"))
        return self.annotate(
            flag=Subquery(flagged.by_worst_status().values("canonical_status")[:1]),
            watched_on=day_of_last_look(),
            trial_waits=trial_is_waiting(),
            watch_found=something_was_found(),
        )

    def with_row(self):
        """With `intervention_name` and `intervention_position`, as the rows of the evidence map have them."""
        # Subqueries: with a join, SQLite's statistics may let it begin with the table of the interventions.
        row = Intervention.objects.filter(slug=OuterRef("intervention")).order_by()
        return self.annotate(
            intervention_name=Subquery(row.values("name")), intervention_position=Subquery(row.values("position"))
        )

    def resting_on_flagged(self):
        """Statements with a source that was retracted or rejected."""
        return self._citing(Reference.objects.flagged())

    def on_weak_references(self):
        """Statements with a source that is flagged, or that no one could confirm: see ReferenceQuerySet.weak()."""
        return self._citing(Reference.objects.weak())

    def _citing(self, references):
        # From the few references to what cites them: the other way, each source of each statement is looked up.
        citations = EvidenceStatement.references.through.objects.filter(reference__in=references)
        return self.filter(pk__in=citations.values("evidencestatement"))

    def for_article(self, article):
        """Statements shown on a condition's or a therapy's page."""
        return self.for_articles([article])

    def for_articles(self, articles):
        # Two subqueries, each with an index of its own. With an OR, SQLite reads every published statement.
        by_condition, by_therapy = (
            self.model.objects.filter(**{f"{page}__in": articles}).order_by().values("pk")
            for page in ("condition", "therapy")
        )
        return self.filter(pk__in=by_condition.union(by_therapy))


class EvidenceStatement(models.Model):
    """What is known about an intervention for one outcome of a condition, and how certain it is (GRADE)."""

    class State(models.TextChoices):
        DRAFT = "draft", _lazy("Draft")
        PUBLISHED = "published", _lazy("Published")
        SUPERSEDED = "superseded", _lazy("Superseded")

    slug = models.SlugField(_lazy("short name"), max_length=120)
    language = models.CharField(_lazy("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    condition = models.ForeignKey(
        "Article",
        verbose_name=_lazy("condition"),
        on_delete=models.PROTECT,
        related_name="statements_as_condition",
        limit_choices_to={"kind": "condition"},
    )
    # By its short name: addresses, filters and downloads name it so, and need not look it up.
    intervention = models.ForeignKey(
        "Intervention",
        verbose_name=_lazy("intervention"),
        on_delete=models.PROTECT,
        to_field="slug",
        db_column="intervention",
        related_name="statements",
    )
    therapy = models.ForeignKey(
        "Article",
        verbose_name=_lazy("therapy page"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="statements_as_therapy",
        limit_choices_to={"kind": "therapy"},
    )
    outcome = models.CharField(_lazy("outcome"), max_length=120)
    effect = models.CharField(_lazy("effect"), max_length=30, choices=Effect)
    certainty = models.CharField(_lazy("certainty"), max_length=20, choices=Certainty, blank=True)
    sentence = models.CharField(
        _lazy("sentence"), max_length=400, help_text=_lazy("Makes sense on its own, and has the word of its certainty.")
    )
    why = models.TextField(_lazy("why this rating"))
    references = models.ManyToManyField("Reference", verbose_name=_lazy("references"), blank=True)
    # Its numbers as readers see them. Written when it is published, so that a page needs no query for them.
    shown_numbers = models.JSONField(default=list, editable=False)
    recommended_by = models.CharField(
        _lazy("who recommends"), max_length=200, blank=True, help_text=_lazy("With the year, as readers should see it.")
    )
    direction = models.CharField(_lazy("direction"), max_length=8, choices=Direction, blank=True)
    strength = models.CharField(
        _lazy("strength"), max_length=120, blank=True, help_text=_lazy("In the words of whoever recommends it.")
    )
    certainty_beneath = models.CharField(
        _lazy("certainty beneath"),
        max_length=20,
        choices=Certainty,
        blank=True,
        help_text=_lazy("Of the evidence on which the recommendation rests, if whoever recommends it has rated it."),
    )
    search_where = models.CharField(_lazy("where we looked"), max_length=300, blank=True)
    search_words = models.TextField(
        _lazy("words we looked for"), blank=True, help_text=_lazy("Exactly as typed, one search on each line.")
    )
    search_date = models.DateField(_lazy("day of the search"), null=True, blank=True)
    search_by = models.CharField(_lazy("who looked"), max_length=120, blank=True)
    search_read = models.PositiveIntegerField(_lazy("records read"), null=True, blank=True)
    search_nearest = models.TextField(_lazy("nearest thing found"), blank=True)
    staff_note = models.TextField(
        _lazy("note for colleagues"), blank=True, help_text=_lazy("What is still to be checked. Readers do not see it.")
    )
    state = models.CharField(_lazy("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    # One to one: a published statement has at most one draft, so two authors cannot revise it separately.
    replaces = models.OneToOneField(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="replaced_by"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_lazy("author"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Everyone who edited the draft. None of them may approve it.
    contributors = models.ManyToManyField(settings.AUTH_USER_MODEL, editable=False, related_name="+")
    reviewed_by = models.ForeignKey(
        "Clinician", verbose_name=_lazy("reviewed by"), null=True, blank=True, editable=False, on_delete=models.PROTECT
    )
    reviewed_on = models.DateField(_lazy("reviewed"), null=True, blank=True, editable=False)
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = EvidenceStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("evidence statement")
        verbose_name_plural = _lazy("evidence statements")
        ordering = ["condition__slug", "pk"]
        # To count what is published without reading it. The state comes after the condition: nearly all rows have the
        # same, and without statistics SQLite would take an index that begins with it for a good one.
        indexes = [models.Index(fields=["condition", "state", "language"], name="statement_published")]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "slug"], condition=Q(state="published"), name="one_published_statement_of_a_slug"
            ),
            models.CheckConstraint(
                # Where nothing was found, or someone recommends something, there is no certainty; every other effect
                # has one (GRADE).
                condition=(
                    Q(effect__in=["no-trials", "no-good-evidence", "recommendation"], certainty="")
                    | ~Q(effect__in=["no-trials", "no-good-evidence", "recommendation"]) & ~Q(certainty="")
                ),
                name="certainty_of_effects_that_have_one",
            ),
            models.CheckConstraint(
                condition=Q(effect="recommendation") | Q(recommended_by="", direction="", certainty_beneath=""),
                name="only_a_recommendation_is_recommended_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_on__isnull=True)
                | Q(reviewed_by__isnull=False, reviewed_on__isnull=False),
                name="statement_reviewer_and_date_together",
            ),
        ]

    def __str__(self):
        return self.sentence

    def get_absolute_url(self):
        """Leads to its place on the map of the evidence."""
        return reverse("education:evidence-statement", args=[self.slug])

    def was_written_by(self, user):
        return self.author_id == user.pk or self.contributors.filter(pk=user.pk).exists()

    @property
    def waits_for_signature(self):
        """A draft, or a statement that came with the site and was published without a clinician's signature."""
        return self.state == self.State.DRAFT or (self.state == self.State.PUBLISHED and self.reviewed_by_id is None)

    @property
    def is_rated(self):
        return self.effect not in UNRATED_EFFECTS

    @property
    def is_recommendation(self):
        return self.effect == Effect.RECOMMENDATION

    @property
    def row(self) -> tuple:
        """By which statements `with_row()` are sorted as the rows of the evidence map are."""
        return self.intervention_position, self.intervention_name, self.intervention_id

    @property
    def shown(self) -> ShownStatement:
        """For readers, from a QuerySet `with_flag()`."""
        return shown_statement(self)
