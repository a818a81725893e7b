from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from education.models.revision import Revision
from education.prose import EDITOR_EXTENSIONS, sanitise


class Kind(models.TextChoices):
    OVERVIEW = "overview", _("Overview")
    MECHANISM = "mechanism", _("Mechanism")
    CONDITION = "condition", _("Condition")
    THERAPY = "therapy", _("Therapy")


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SPANISH = "es", "Español"
    ARABIC = "ar", "العربية"


class ArticleQuerySet(models.QuerySet):
    def published(self):
        return self.filter(live__isnull=False)

    def of_kind(self, kind):
        return self.filter(kind=kind)

    def in_language(self, language):
        return self.filter(language=language)

    def with_history(self):
        """Everything that readers have seen, be it withdrawn since. A working copy that never went out is not in it."""
        was_public = Revision.objects.filter(article=OuterRef("pk"), published_at__isnull=False)
        return self.filter(Exists(was_public))

    def with_live(self):
        """What a list or a page shows comes from the live revision, never from the working copy."""
        return self.select_related("live")


class Article(models.Model):
    """The working copy that clinicians edit. The public site shows `live`, the approved revision, and nothing else."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    slug = models.SlugField(_("address"), max_length=80, help_text=_("Last part of the page's address."))
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_("translation of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="translations",
    )
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(
        _("summary"), max_length=300, help_text=_("One sentence that can stand alone under the title.")
    )
    key_points = models.TextField(_("in short"), help_text=_("Three to five sentences, one on each line."))
    body = ProseEditorField(_("text"), extensions=EDITOR_EXTENSIONS, sanitize=sanitise)
    questions = models.TextField(
        _("questions to take to your clinician"), blank=True, help_text=_("One on each line, in the reader's words.")
    )
    related = models.ManyToManyField("self", verbose_name=_("related articles"), blank=True, symmetrical=True)
    conflicts_of_interest = models.TextField(
        _("conflicts of interest"), help_text=_("Say so when there are none; the page prints this sentence.")
    )
    live = models.OneToOneField(
        "Revision",
        verbose_name=_("live revision"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdraw_at = models.DateTimeField(_("to be withdrawn"), null=True, blank=True, editable=False)
    withdraw_reason = models.TextField(_("why it will be withdrawn"), blank=True, editable=False)
    withdraw_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("will be withdrawn for"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    version = models.PositiveIntegerField(
        _("version"), default=1, editable=False, help_text=_("Goes up by one each time the working copy is saved.")
    )
    loaded_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("Digest of what load_content wrote. While it still fits, nobody has edited the working copy."),
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("last saved by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    contributors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        editable=False,
        related_name="+",
        help_text=_("Who has saved the working copy since it was last submitted for review."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last saved"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["kind", "title"]
        permissions = [("withdraw_article", _("Can take an article off the public site"))]
        constraints = [
            models.UniqueConstraint(fields=["language", "slug"], name="article_address_is_unique"),
            models.CheckConstraint(
                condition=models.Q(withdraw_at__isnull=True, withdraw_reason="")
                | models.Q(withdraw_at__isnull=False) & ~models.Q(withdraw_reason=""),
                name="withdrawal_has_its_day_and_reason",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return article_url(self.kind, self.slug)

    @property
    def is_published(self):
        return self.live_id is not None

    @property
    def shown_title(self):
        """The title that readers see; of an article that was never published, the working title."""
        return self.live.title if self.live else self.title


def article_url(kind, slug):
    """Public address of an article, from two plain values, so that snapshots need no Article row."""
    if kind == Kind.OVERVIEW:
        return reverse("education:overview", args=[slug])
    return reverse(f"education:{kind}-detail", args=[slug])


class CareCard(models.Model):
    """What to do about urgent signs, in the pattern of the NHS care cards."""

    class Level(models.TextChoices):
        NON_URGENT = "non-urgent", _("Non-urgent")
        URGENT = "urgent", _("Urgent")
        EMERGENCY = "emergency", _("Emergency")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="care_cards")
    level = models.CharField(_("urgency"), max_length=12, choices=Level)
    heading = models.CharField(_("heading"), max_length=120, help_text=_("A call to action that ends in “if:”."))
    items = models.TextField(_("signs"), help_text=_("One on each line."))
    advice = models.CharField(_("advice after the list"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("care card")
        verbose_name_plural = _("care cards")
        ordering = ["article", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "level"], name="one_care_card_of_a_level")]

    def __str__(self):
        return self.heading
