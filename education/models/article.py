import re
from functools import lru_cache

from django.conf import settings
from django.db import models
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _lazy
from django_prose_editor.fields import ProseEditorField

from education.models.article_queryset import ArticleQuerySet
from education.sanitiser import EDITOR_EXTENSIONS, sanitise

# What the titles of our conditions have after their name.
AFTER_THE_NAME = re.compile(r"(?:\s*\([^()]*\))?\s+and (?:your|the) (?:gut|skin)$", re.IGNORECASE)


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
    actions = models.TextField(
        _lazy("what you can do"),
        blank=True,
        help_text=_lazy("What readers can do themselves: one thing on each line, the most useful first."),
    )
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
            # The list in admin, likewise without the rows, which have long texts.
            models.Index(fields=["kind", "title", "language", "updated_at", "live", "updated_by"], name="article_list"),
            # The lists that readers see, in their order, and how long they are.
            models.Index(
                fields=["language", "kind", "title"], condition=models.Q(live__isnull=False), name="article_public_list"
            ),
            # The translations of an article. Nearly all are none, so that SQLite's statistics rule out the whole index.
            models.Index(
                fields=["translation_of"], condition=models.Q(translation_of__isnull=False), name="article_translations"
            ),
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

    @property
    def short_title(self):
        """The name of the condition alone, for rows of a table: “Eczema” of “Eczema (atopic dermatitis) and your gut”.

        A title of another kind, or in another language, stays as it is.
        """
        return AFTER_THE_NAME.sub("", self.shown_title) or self.shown_title


def article_url(kind, slug, language=Language.ENGLISH):
    """Public address of an article, from plain values: search results and frozen data have no Article at hand."""
    return _article_url(str(kind), slug, str(language), get_script_prefix())


# A page links to dozens of articles, and reverse() tries a dozen patterns for each.
@lru_cache(maxsize=10_000)
def _article_url(kind, slug, language, _prefix):
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
    advice = models.CharField(_lazy("advice after the list"), max_length=800, blank=True)

    class Meta:
        verbose_name = _lazy("care card")
        verbose_name_plural = _lazy("care cards")
        ordering = ["article", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "level"], name="one_care_card_of_a_level")]

    def __str__(self):
        return self.heading
