from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _lazy

from education.models.article import Language
from education.models.reference import Reference


class SearchDocumentQuerySet(models.QuerySet):
    def with_flag(self):
        """With `flag`: for a statement, "retracted" or "rejected" if one of its sources is, else None."""
        flagged = Reference.objects.flagged().filter(evidencestatement=OuterRef("statement"))
        return self.annotate(flag=Subquery(flagged.by_worst_status().values("canonical_status")[:1]))

    def with_owners(self):
        """With the page or the statement that each is about, and `flag`."""
        return self.with_flag().select_related("article__live__reviewer", "statement__condition__live")


class SearchDocument(models.Model):
    """What search knows about a published page, statement or glossary term: text to show, normalised terms to match.

    The migration adds the database's own full-text index; education/search/ keeps it up to date and queries it.
    """

    class Subject(models.TextChoices):
        OVERVIEW = "overview", _lazy("Overview")
        MECHANISM = "mechanism", _lazy("How it works")
        CONDITION = "condition", _lazy("Skin conditions")
        THERAPY = "therapy", _lazy("Treatments and habits")
        EVIDENCE = "evidence", _lazy("What was tested")
        GLOSSARY = "glossary", _lazy("Glossary")

    subject = models.CharField(max_length=20, choices=Subject)
    language = models.CharField(max_length=5)
    article = models.OneToOneField("Article", null=True, on_delete=models.CASCADE)
    term = models.OneToOneField("GlossaryTerm", null=True, on_delete=models.CASCADE)
    statement = models.OneToOneField("EvidenceStatement", null=True, on_delete=models.CASCADE)
    url = models.CharField(max_length=200)
    title = models.CharField(max_length=400)
    summary = models.TextField()
    text = models.TextField()
    # Stemmed and normalised. One field for each weight that a match can have.
    title_terms = models.TextField()
    summary_terms = models.TextField()
    heading_terms = models.TextField()
    text_terms = models.TextField()

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                # Three nullable relations instead of a generic one, so that a document is deleted with its row by
                # cascade.
                condition=models.Q(article__isnull=False, term__isnull=True, statement__isnull=True)
                | models.Q(article__isnull=True, term__isnull=False, statement__isnull=True)
                | models.Q(article__isnull=True, term__isnull=True, statement__isnull=False),
                name="document_is_of_one_thing",
            )
        ]

    def __str__(self):
        return self.title


class SearchWord(models.Model):
    """A word that occurs in some document. If `is_name`, it is in a title or the glossary: corrections lead to it."""

    language = models.CharField(max_length=5)
    word = models.CharField(max_length=60)
    is_name = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="search_word_once")]
        # A small part of all words, which a correction reads.
        indexes = [
            models.Index(fields=["language", "word"], condition=models.Q(is_name=True), name="search_word_names")
        ]

    def __str__(self):
        return self.word


class SynonymGroup(models.Model):
    """Words that readers use for the same thing. A search for one of them finds the others too."""

    language = models.CharField(_lazy("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    names = models.TextField(
        _lazy("words for the same thing"),
        help_text=_lazy("One on each line. A name may be several words, which then have to be next to each other."),
    )
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _lazy("search synonyms")
        verbose_name_plural = _lazy("search synonyms")
        ordering = ["language", "names"]

    def __str__(self):
        return ", ".join(self.names.splitlines())
