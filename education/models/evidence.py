from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from education.models.article import Language
from education.models.reference import Reference


class Intervention(models.TextChoices):
    """The rows of the evidence map, in the order in which it shows them."""

    GUT_LINK = "gut-link", _lazy("Link with the gut")
    PROBIOTICS = "probiotics", _lazy("Probiotics")
    PREBIOTICS_AND_SYNBIOTICS = "prebiotics-and-synbiotics", _lazy("Prebiotics and synbiotics")
    LEAVING_FOODS_OUT = "leaving-foods-out", _lazy("Leaving foods out")
    ANTI_INFLAMMATORY_EATING = "anti-inflammatory-eating", _lazy("Anti-inflammatory eating, weight and glycaemic load")
    LOW_FODMAP = "low-fodmap", _lazy("Low-FODMAP eating")
    CAREFUL_ANTIBIOTIC_USE = "careful-antibiotic-use", _lazy("Careful antibiotic use")
    STOOL_TRANSPLANT = "stool-transplant", _lazy("Stool transplant")


class Effect(models.TextChoices):
    BETTER = "better", _lazy("Helps")
    WORSE = "worse", _lazy("Makes worse")
    LITTLE_OR_NO_DIFFERENCE = "little-or-no-difference", _lazy("Little or no difference")
    UNCLEAR = "unclear", _lazy("Unclear")
    LINK = "link", _lazy("A link, not a treatment effect")
    NO_TRIALS = "no-trials", _lazy("We found no trials")
    NO_GOOD_EVIDENCE = "no-good-evidence", _lazy("We found no good evidence")


# Nothing was found, so there is nothing to rate.
UNRATED_EFFECTS = (Effect.NO_TRIALS, Effect.NO_GOOD_EVIDENCE)


# From the highest level to the lowest: tables and legends use this order.
class Certainty(models.TextChoices):
    """GRADE levels of certainty in a body of evidence (gradeworkinggroup.org)."""

    HIGH = "high", _lazy("High")
    MODERATE = "moderate", _lazy("Moderate")
    LOW = "low", _lazy("Low")
    VERY_LOW = "very-low", _lazy("Very low")


# Of an article, and of its live revision.
TEXTS = ["key_points", "body", "questions", "conflicts_of_interest", "withdraw_reason"]
TEXTS += [f"live__{name}" for name in ("key_points", "body", "body_html", "contents", "glossary", "questions")]
TEXTS += [f"live__{name}" for name in ("care_cards", "related_ids", "reference_keys", "conflicts_of_interest", "note")]


class ShownStatement(NamedTuple):
    """What _evidence_statement.html shows of a statement: plain values, by which its HTML is kept."""

    sentence: str
    flag: str | None
    is_rated: bool
    certainty: str
    effect: str
    get_effect_display: str
    outcome: str
    why: str


class EvidenceStatementQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=EvidenceStatement.State.PUBLISHED)

    def in_language(self, language):
        return self.filter(language=language)

    def with_live_pages(self):
        """With the live pages of the condition and the therapy, whose titles readers see, and with `flag`."""
        pages = self.select_related("condition__live", "therapy__live")
        # Their texts would be most of what the database sends.
        return pages.defer(*(f"{page}__{name}" for page in ("condition", "therapy") for name in TEXTS)).with_flag()

    def most_certain(self, count):
        """The `count` statements with the highest certainty, and harms before benefits of the same certainty."""
        levels = [When(certainty=level, then=Value(rank)) for rank, level in enumerate(Certainty.values)]
        level = Case(*levels, default=Value(len(levels)))
        harm = Case(When(effect=Effect.WORSE, then=Value(0)), default=Value(1))
        return self.filter(pk__in=self.order_by(level, harm, "pk").values("pk")[:count])

    def with_flag(self):
        """With `flag`: "retracted" or "rejected" if a source of the statement is, else None."""
        flagged = Reference.objects.flagged().filter(evidencestatement=OuterRef("pk"))
        return self.annotate(flag=Subquery(flagged.by_worst_status().values("canonical_status")[:1]))

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
    intervention = models.CharField(_lazy("intervention"), max_length=40, choices=Intervention)
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
                # An effect that says that nothing was found has no certainty, and every other effect has one (GRADE).
                condition=(
                    Q(effect__in=["no-trials", "no-good-evidence"], certainty="")
                    | ~Q(effect__in=["no-trials", "no-good-evidence"]) & ~Q(certainty="")
                ),
                name="certainty_unless_nothing_was_found",
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

    @property
    def row(self):
        """The row of its intervention in the evidence map, counted from 0."""
        return Intervention.values.index(self.intervention)

    def was_written_by(self, user):
        return self.author_id == user.pk or self.contributors.filter(pk=user.pk).exists()

    @property
    def is_rated(self):
        return self.effect not in UNRATED_EFFECTS

    @property
    def shown(self):
        """For readers, from a QuerySet `with_flag()`."""
        return ShownStatement(
            sentence=self.sentence,
            flag=self.flag,
            is_rated=self.is_rated,
            certainty=self.certainty,
            effect=self.effect,
            # Not get_effect_display(), which translates the label of every effect to find one.
            get_effect_display=str(Effect(self.effect).label),
            outcome=self.outcome,
            why=self.why,
        )
