from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from education.references.identifiers import with_bare_numbers
from gutskin.readable_json import ReadableJSONEncoder
from gutskin.search_words import occurs_in, words_of


# A corrected paper stays citable; a retracted one stays visible where it was cited; a rejected one is never shown.
class ReferenceStatus(models.TextChoices):
    UNCHECKED = "unchecked", _lazy("Unchecked")
    CONFIRMED = "confirmed", _lazy("Confirmed")
    CORRECTED = "corrected", _lazy("Corrected")
    RETRACTED = "retracted", _lazy("Retracted")
    REJECTED = "rejected", _lazy("Rejected")


# A text may no longer rely on such a source.
FLAGGED = (ReferenceStatus.RETRACTED, ReferenceStatus.REJECTED)
# Unless these are confirmed, no one can say which paper it is or what it found. A page number does not matter.
ESSENTIAL_FIELDS = ("authors", "title", "year", "doi", "pmid", "pmcid", "url", "finding", "certainty")

# An entry of `unconfirmed_fields` that is not the name of a field.
AUTHORS_AFTER_THE_FIRST = "authors after the first"


class ReferenceType(models.TextChoices):
    """Item types of CSL (docs.citationstyles.org, appendix III) that we print."""

    ARTICLE = "article-journal", _lazy("Journal article")
    PREPRINT = "article", _lazy("Preprint")
    BOOK = "book", _lazy("Book")
    CHAPTER = "chapter", _lazy("Chapter of a book")
    GUIDELINE = "report", _lazy("Guideline or report")
    WEB_PAGE = "webpage", _lazy("Web page")


# `authors` is JSON, but contains the names as plain text.
SEARCHED = ["key", "title", "authors", "container_title", "doi", "pmid", "pmcid"]

# That of the record itself or, for a duplicate, of the one that it was merged into.
CANONICAL_STATUS = Coalesce("merged_into__status", "status")


class ReferenceQuerySet(models.QuerySet):
    def citable(self):
        """References that a text may newly cite. Retracted ones stay visible where they are already cited."""
        return self.exclude(status__in=FLAGGED).filter(merged_into__isnull=True)

    def public(self):
        """References that readers may see. A rejected record is kept for staff only, a duplicate only for its key."""
        return self.exclude(status=ReferenceStatus.REJECTED).filter(merged_into__isnull=True)

    def public_of_others(self):
        """The same for a prefetch: found by what cites them. SQLite would look through all that were not merged."""
        return self.exclude(status=ReferenceStatus.REJECTED).alias(kept=Coalesce("merged_into", 0)).filter(kept=0)

    def by_first_author(self):
        return self.order_by(Lower(KeyTextTransform("0", "authors")), "title", "pk")

    def with_number(self, field, value):
        """Public references with this DOI or PMID. Case does not count: DOIs are case-insensitive."""
        return self.public().filter(**{f"{field}__iexact": value})

    def matching(self, text):
        """References in which each word that someone typed occurs: in a name, a title, a journal, a key or a number."""
        found = self
        for word in words_of(with_bare_numbers(text)):
            found = found.filter(occurs_in(word, SEARCHED))
        return found

    def with_canonical(self):
        """With the record that each duplicate was merged into, for Reference.canonical."""
        return self.select_related("merged_into")

    def same_as(self, reference):
        """A reference and its duplicates, by whose keys pages may still cite it."""
        return self.filter(Q(pk=reference.pk) | Q(merged_into=reference))

    def flagged(self):
        """References that are retracted or rejected, or a duplicate of one that is."""
        return self.alias(canonical_status=CANONICAL_STATUS).filter(canonical_status__in=FLAGGED)

    def by_worst_status(self):
        """With `canonical_status`. For flagged ones: in descending order “retracted” comes before “rejected”."""
        return self.annotate(canonical_status=CANONICAL_STATUS).order_by("-canonical_status")

    def weak(self):
        """References that are flagged, or unchecked while one of their ESSENTIAL_FIELDS is still to be confirmed."""
        unconfirmed = Q()
        for name in ESSENTIAL_FIELDS:
            # Compared as text, since SQLite has no containment lookup for JSON; the quotes make it the whole name.
            unconfirmed |= Q(unconfirmed_fields__icontains=f'"{name}"')
        unchecked = Q(status=ReferenceStatus.UNCHECKED) & unconfirmed
        return self.filter(_canonical_matches(Q(status__in=FLAGGED) | unchecked))


def _canonical_matches(condition):
    """The condition, applied to the record itself or, for a duplicate, to the one that it was merged into."""
    matching = Reference.objects.filter(condition)
    return Q(merged_into__isnull=True, pk__in=matching) | Q(merged_into__in=matching)


class Reference(models.Model):
    """A bibliographic record. Field names follow CSL-JSON (citationstyles.org) wherever it has a name."""

    key = models.SlugField(_lazy("key"), max_length=60, unique=True)
    type = models.CharField(_lazy("type"), max_length=20, choices=ReferenceType, default=ReferenceType.ARTICLE)
    # Surname and initials, as the Vancouver style prints them (ICMJE).
    authors = models.JSONField(
        _lazy("authors"),
        default=list,
        encoder=ReadableJSONEncoder,
        help_text=_lazy('As a list: ["Zhao Y", "Yu C"].'),
    )
    et_al = models.BooleanField(
        _lazy("et al."),
        default=False,
        help_text=_lazy("The list of authors is not complete; the page prints “et al.” after it."),
    )
    title = models.CharField(_lazy("title"), max_length=500, blank=True)
    container_title = models.CharField(
        _lazy("journal"),
        max_length=200,
        blank=True,
        help_text=_lazy("For a chapter, its book; for a web page, its site; for a preprint, its server."),
    )
    publisher = models.CharField(_lazy("publisher"), max_length=200, blank=True)
    publisher_place = models.CharField(_lazy("place of publication"), max_length=100, blank=True)
    edition = models.CharField(_lazy("edition"), max_length=40, blank=True)
    year = models.PositiveSmallIntegerField(_lazy("year"), null=True, blank=True)
    volume = models.CharField(_lazy("volume"), max_length=20, blank=True)
    issue = models.CharField(_lazy("issue"), max_length=20, blank=True)
    page = models.CharField(_lazy("pages"), max_length=40, blank=True)
    doi = models.CharField("DOI", max_length=200, blank=True)
    pmid = models.CharField("PMID", max_length=20, blank=True)
    pmcid = models.CharField("PMCID", max_length=20, blank=True)
    url = models.URLField(_lazy("address"), max_length=300, blank=True)
    accessed = models.DateField(
        _lazy("read on"), null=True, blank=True, help_text=_lazy("For web pages, which may change.")
    )
    posted = models.DateField(
        _lazy("posted on"), null=True, blank=True, help_text=_lazy("For preprints, which have several versions.")
    )
    study_type = models.CharField(_lazy("kind of study"), max_length=100, blank=True)
    finding = models.TextField(_lazy("what it found"), blank=True)
    certainty = models.CharField(_lazy("certainty"), max_length=20, blank=True)
    certainty_reason = models.TextField(_lazy("why this certainty"), blank=True)
    unconfirmed_fields = models.JSONField(
        _lazy("fields still to be confirmed"), default=list, blank=True, encoder=ReadableJSONEncoder
    )
    status = models.CharField(
        _lazy("status"), max_length=20, choices=ReferenceStatus, default=ReferenceStatus.UNCHECKED
    )
    status_reason = models.TextField(_lazy("why this status"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_lazy("same paper as"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="duplicates",
        help_text=_lazy("A duplicate stays, because published revisions may cite it under its old key."),
    )
    checked_at = models.DateTimeField(_lazy("checked"), null=True, blank=True)
    checked_by = models.CharField(_lazy("checked by"), max_length=150, blank=True)
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _lazy("reference")
        verbose_name_plural = _lazy("references")
        ordering = ["key"]
        constraints = [
            # Rejected records and duplicates may share a number with the record that is kept.
            models.UniqueConstraint(
                fields=["doi"],
                condition=~Q(doi="") & ~Q(status="rejected") & Q(merged_into__isnull=True),
                name="doi_once",
            ),
            models.UniqueConstraint(
                fields=["pmid"],
                condition=~Q(pmid="") & ~Q(status="rejected") & Q(merged_into__isnull=True),
                name="pmid_once",
            ),
            # A retraction or rejection without a reason could not be reviewed by anyone.
            models.CheckConstraint(
                condition=~Q(status__in=["retracted", "rejected"]) | ~Q(status_reason=""),
                name="rejection_has_a_reason",
            ),
        ]

    def __str__(self):
        return self.key

    def get_absolute_url(self):
        return reverse("education:reference-detail", args=[self.key])

    @property
    def canonical(self):
        """The record that readers see in place of this one: itself, or the one that a duplicate was merged into."""
        return self.merged_into if self.merged_into_id else self

    @property
    def is_hidden(self):
        """Readers never see it: see ReferenceQuerySet.public()."""
        return self.status == ReferenceStatus.REJECTED

    @property
    def is_citable(self):
        return self.canonical.status not in FLAGGED

    @property
    def unconfirmed_labels(self):
        """Labels of unconfirmed fields. Entries that are not fields, like “authors after the first”, as they are."""
        labels = {field.name: field.verbose_name for field in self._meta.fields}
        return [labels.get(name, name) for name in self.unconfirmed_fields]

    @property
    def link(self):
        """Address of the paper: by DOI, else PubMed Central, PubMed or the publisher's page; confirmed ones first."""
        links = {
            # PubMed Central before PubMed, since it has the full text and not only the abstract.
            "doi": self.doi and f"https://doi.org/{self.doi}",
            "pmcid": self.pmcid and f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmcid}/",
            "pmid": self.pmid and f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/",
            "url": self.url,
        }
        confirmed = [link for name, link in links.items() if link and name not in self.unconfirmed_fields]
        return next(iter(confirmed or filter(None, links.values())), "")


class ReferenceCheck(models.Model):
    """What a register answered about a reference on one day. Ordered newest first."""

    class Register(models.TextChoices):
        CROSSREF = "crossref", "Crossref"
        PUBMED = "pubmed", "PubMed"

    class Outcome(models.TextChoices):
        AGREES = "agrees", _lazy("Agrees with the record")
        DIFFERS = "differs", _lazy("Differs from the record")
        CORRECTED = "corrected", _lazy("A correction was published")
        CONCERN = "concern", _lazy("An expression of concern was published")
        RETRACTED = "retracted", _lazy("Retracted")
        NOT_FOUND = "not-found", _lazy("Not found")
        # Not an answer: it never changes a status.
        UNREACHABLE = "unreachable", _lazy("The register gave no usable answer")

    reference = models.ForeignKey(
        Reference, verbose_name=_lazy("reference"), on_delete=models.CASCADE, related_name="checks"
    )
    register = models.CharField(_lazy("register"), max_length=20, choices=Register)
    outcome = models.CharField(_lazy("outcome"), max_length=20, choices=Outcome)
    differences = models.JSONField(
        _lazy("differences"), default=list, help_text=_lazy("A list of entries with field, ours and theirs.")
    )
    notice = models.CharField(
        _lazy("notice"), max_length=300, blank=True, help_text=_lazy("DOI or sentence of the correction or retraction.")
    )
    checked_at = models.DateTimeField(_lazy("checked"), default=timezone.now)

    class Meta:
        verbose_name = _lazy("check of a reference")
        verbose_name_plural = _lazy("checks of references")
        ordering = ["-checked_at", "-pk"]
        # Only the action record_check() writes checks.
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.get_register_display()}: {self.get_outcome_display()}"
