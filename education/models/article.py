from django.conf import settings
from django.db import models
from django.db.models import Aggregate, Exists, JSONField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, JSONObject, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django_prose_editor.fields import ProseEditorField

from education.models.code import ClinicalCode
from education.models.leaflet import Leaflet
from education.models.reference import Reference
from education.models.revision import Revision
from education.sanitiser import EDITOR_EXTENSIONS, sanitise


# The values are part of URL names and of the content files.
class Kind(models.TextChoices):
    OVERVIEW = "overview", _lazy("Overview")
    MECHANISM = "mechanism", _lazy("Mechanism")
    CONDITION = "condition", _lazy("Condition")
    THERAPY = "therapy", _lazy("Therapy")


# Each in its own language, as readers look for it.
class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SPANISH = "es", "Español"
    ARABIC = "ar", "العربية"


class RowsAsJSON(Aggregate):
    """The rows of a subquery as one JSON list, so that a page needs no further query for them."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler, connection, **extra_context):
        return super().as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra_context)


class ArticleQuerySet(models.QuerySet):
    def published(self):
        return self.filter(live__isnull=False)

    def of_kind(self, kind):
        return self.filter(kind=kind)

    def in_language(self, language):
        return self.filter(language=language)

    def with_history(self):
        """Articles that readers have seen, including those withdrawn since; not those that were never published."""
        was_public = Revision.objects.filter(article=OuterRef("pk"), published_at__isnull=False)
        return self.filter(Exists(was_public))

    def resting_on_flagged(self):
        """Published pages whose text, or whose published evidence, cites a source that was retracted or rejected."""
        flagged, published = Reference.objects.flagged(), {"evidencestatement__state": "published"}
        # State and page in one filter(): in two, they could match two different statements (multi-valued relations).
        return self.published().filter(
            Q(live__in=Revision.objects.resting_on_flagged())
            | Exists(flagged.filter(evidencestatement__condition=OuterRef("pk"), **published))
            | Exists(flagged.filter(evidencestatement__therapy=OuterRef("pk"), **published))
        )

    def with_source_flag(self):
        """With `source_flag`: “retracted”, “rejected” or None, the worst status of a source of its text or evidence."""
        flagged, published = Reference.objects.flagged(), {"evidencestatement__state": "published"}
        # One subquery for each way to a source, so that each has an index: an OR would look at all references.
        ways = (
            flagged.filter(revisions=OuterRef("live")),
            flagged.filter(evidencestatement__condition=OuterRef("pk"), **published),
            flagged.filter(evidencestatement__therapy=OuterRef("pk"), **published),
        )
        worst = [Subquery(way.by_worst_status().values("canonical_status")[:1]) for way in ways]
        # In SQLite, the greatest of several values is NULL if one of them is.
        return self.annotate(source_flag=NullIf(Greatest(*(Coalesce(one, Value("")) for one in worst)), Value("")))

    def due_for_review(self, until, since=None):
        """Published pages whose next review is due on the day `until` or before; with `since`, not before that day."""
        due = self.filter(live__next_review_due__lte=until)
        return due.filter(live__next_review_due__gte=since) if since else due

    def overdue(self, today):
        return self.filter(live__next_review_due__lt=today)

    def awaiting_first_review(self):
        return self.published().filter(live__reviewer__isnull=True)

    def to_be_withdrawn(self):
        """Published pages with a day set for their withdrawal."""
        return self.published().filter(withdraw_at__isnull=False)

    def due_for_withdrawal(self, now):
        return self.to_be_withdrawn().filter(withdraw_at__lte=now)

    def with_live(self):
        """With the live revision, from which lists and pages must take what they show, never from the working copy."""
        return self.select_related("live")

    def first_of_each_kind(self, language, count):
        """Up to `count` published pages of each kind in a language, in the order of lists."""
        pages = self.published().in_language(language)
        first = Q()
        for kind in Kind.values:
            first |= Q(pk__in=pages.of_kind(kind).order_by(*self.model._meta.ordering).values("pk")[:count])
        return self.filter(first)

    def newest(self, language, count):
        """The `count` pages of a language that were published last."""
        # By the revisions, which have an index for it. Of the articles, all would have to be sorted; so would they if
        # they were joined here.
        in_language = Article.objects.filter(live=OuterRef("pk"), language=language)
        live = Revision.objects.filter(Exists(in_language), state="published")
        newest = live.order_by("-published_at", "-article").values("article")[:count]
        return self.filter(pk__in=newest).order_by("-live__published_at", "-pk")

    def for_lists(self):
        """With the title and the summary that readers see, and without the texts, which are most of what is stored."""
        return self.with_live().only("kind", "slug", "language", "title", "live__title", "live__summary")

    def with_leaflets(self):
        """With `leaflet_pages`: a dict from each format to the page count of the live revision's leaflet, or None."""
        # Without an order: a page has one leaflet of a format. The default order would join the article three times.
        ready = Leaflet.objects.filter(article=OuterRef("pk"), revision=OuterRef("live")).order_by().values("pages")
        formats = {format: Subquery(ready.filter(format=format)) for format in Leaflet.Format.values}
        return self.annotate(leaflet_pages=JSONObject(**formats))

    def with_machine_facts(self):
        """With what search engines are told besides the text, in the same query.

        `first_published`, a datetime; `confirmed_codes`, a list of dicts with system, code and display;
        `public_original` and `public_translations`, lists of dicts with language, kind and slug of the published page
        that the others are translated from, and of its translations; the page itself is in one of them.
        """
        published = Revision.objects.filter(article=OuterRef("pk"), published_at__isnull=False)
        codes = ClinicalCode.objects.filter(article=OuterRef("pk"), is_confirmed=True, excluded=False)
        original = Coalesce(OuterRef("translation_of"), OuterRef("pk"))
        pages = Article.objects.published()
        # Two subqueries, each with an index of its own. One with an OR scans all articles once SQLite has statistics.
        return self.annotate(
            first_published=Subquery(published.order_by("published_at").values("published_at")[:1]),
            confirmed_codes=_as_json_list(codes, "system", "code", "display"),
            public_original=_as_json_list(pages.filter(pk=original), "language", "kind", "slug"),
            public_translations=_as_json_list(pages.filter(translation_of=original), "language", "kind", "slug"),
        )


def _as_json_list(queryset, *names):
    """All rows as one list of dicts; None if there are none.

    Grouping by a constant keeps Django from grouping by primary key, which would give one list per row.
    """
    row = JSONObject(**{name: name for name in names})
    rows = queryset.order_by().values(everything=Value(1)).annotate(rows=RowsAsJSON(row))
    return Subquery(rows.values("rows"))


class Article(models.Model):
    """The working copy that clinicians edit. The public site shows only `live`, the approved revision."""

    kind = models.CharField(_lazy("kind"), max_length=20, choices=Kind)
    # The address is unique per language without regard to the kind: load_content finds an article by its slug alone.
    slug = models.SlugField(_lazy("address"), max_length=80, help_text=_lazy("Last part of the page's address."))
    language = models.CharField(_lazy("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_lazy("translation of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="translations",
    )
    title = models.CharField(_lazy("title"), max_length=120)
    summary = models.CharField(
        _lazy("summary"), max_length=300, help_text=_lazy("One sentence that can stand alone under the title.")
    )
    key_points = models.TextField(_lazy("in short"), help_text=_lazy("Three to five sentences, one on each line."))
    body = ProseEditorField(_lazy("text"), extensions=EDITOR_EXTENSIONS, sanitize=sanitise)
    questions = models.TextField(
        _lazy("questions to take to your clinician"),
        blank=True,
        help_text=_lazy("One on each line, in the reader's words."),
    )
    related = models.ManyToManyField("self", verbose_name=_lazy("related articles"), blank=True, symmetrical=True)
    # Required even if there are none, as the ICMJE asks of authors.
    conflicts_of_interest = models.TextField(
        _lazy("conflicts of interest"), help_text=_lazy("If there are none, say so; the page prints this sentence.")
    )
    # PROTECT: the revision that readers see cannot be deleted.
    live = models.OneToOneField(
        "Revision",
        verbose_name=_lazy("live revision"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdraw_at = models.DateTimeField(_lazy("to be withdrawn"), null=True, blank=True, editable=False)
    withdraw_reason = models.TextField(_lazy("why it will be withdrawn"), blank=True, editable=False)
    withdraw_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_lazy("will be withdrawn for"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Optimistic locking: nothing is locked while a person types, and the second to save is told.
    version = models.PositiveIntegerField(
        _lazy("version"),
        default=1,
        editable=False,
        help_text=_lazy("Increases by one each time the working copy is saved."),
    )
    loaded_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_lazy(
            "Digest of what load_content wrote. While it still matches, no one has edited the working copy."
        ),
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_lazy("last saved by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Emptied at submission, when freeze() copies them to the revision.
    contributors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        editable=False,
        related_name="+",
        help_text=_lazy("Who has saved the working copy since it was last submitted for review."),
    )
    created_at = models.DateTimeField(_lazy("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_lazy("last saved"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("article")
        verbose_name_plural = _lazy("articles")
        ordering = ["kind", "title"]
        permissions = [("withdraw_article", _lazy("Can take an article off the public site"))]
        indexes = [
            # The lists that readers see, in their order, and how long they are.
            models.Index(
                fields=["language", "kind", "title"], condition=models.Q(live__isnull=False), name="article_public_list"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["language", "slug"], name="article_address_is_unique"),
            # A colleague must be able to see why a page is going to disappear.
            models.CheckConstraint(
                condition=models.Q(withdraw_at__isnull=True, withdraw_reason="")
                | models.Q(withdraw_at__isnull=False) & ~models.Q(withdraw_reason=""),
                name="withdrawal_has_its_day_and_reason",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return article_url(self.kind, self.slug, self.language)

    @property
    def is_published(self):
        return self.live_id is not None

    @property
    def shown_title(self):
        """The title that readers see, or the working title of an article that is not published."""
        return self.live.title if self.live else self.title


def article_url(kind, slug, language=Language.ENGLISH):
    """Public address of an article, from plain values: search results and frozen data have no Article at hand."""
    name = "overview" if kind == Kind.OVERVIEW else f"{kind}-detail"
    return reverse(f"education:{name}", kwargs={"slug": slug} | language_kwargs(language))


def list_url(kind, language=Language.ENGLISH):
    """Public address of the list of all articles of a kind in a language."""
    return reverse(f"education:{kind}-list", kwargs=language_kwargs(language))


def language_kwargs(language):
    """Keyword arguments for reverse(): English pages have no language prefix, all other languages have one."""
    return {} if language == Language.ENGLISH else {"language": str(language)}


class CareCard(models.Model):
    """What to do about signs of a given urgency, in the pattern of the NHS care cards."""

    class Level(models.TextChoices):
        NON_URGENT = "non-urgent", _lazy("Non-urgent")
        URGENT = "urgent", _lazy("Urgent")
        EMERGENCY = "emergency", _lazy("Emergency")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="care_cards")
    level = models.CharField(_lazy("urgency"), max_length=12, choices=Level)
    heading = models.CharField(
        _lazy("heading"), max_length=120, help_text=_lazy("A call to action that ends in “if:”.")
    )
    items = models.TextField(_lazy("signs"), help_text=_lazy("One on each line."))
    advice = models.CharField(_lazy("advice after the list"), max_length=300, blank=True)

    class Meta:
        verbose_name = _lazy("care card")
        verbose_name_plural = _lazy("care cards")
        ordering = ["article", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "level"], name="one_care_card_of_a_level")]

    def __str__(self):
        return self.heading
