"""All the evidence that readers may see, loaded with three queries."""

from dataclasses import dataclass

from django.db.models import Prefetch

from education.models import Article, EvidenceStatement, Intervention, Kind, Reference


@dataclass(frozen=True)
class Evidence:
    """The conditions with a public page, and every published statement about them, in the order of the page."""

    conditions: list[Article]
    statements: list[EvidenceStatement]


def published_evidence(language) -> Evidence:
    """All published evidence in a language.

    Each statement has its condition, the page of its therapy (None if that is not public), its reviewer, `flag` and its
    public references. Three queries, however many statements there are.
    """
    pages = {
        article.pk: article
        for article in Article.objects.published()
        .in_language(language)
        .filter(kind__in=[Kind.CONDITION, Kind.THERAPY])
        .with_live()
        # The text of the pages is not shown here, and would be most of what the database sends.
        .only("kind", "slug", "language", "title", "live__title", "live__summary")
    }
    conditions = [article for article in pages.values() if article.kind == Kind.CONDITION]
    statements = list(
        EvidenceStatement.objects.published()
        .in_language(language)
        .filter(condition__in=[article.pk for article in conditions])
        .select_related("reviewed_by")
        .with_flag()
        .prefetch_related(Prefetch("references", queryset=Reference.objects.public()))
    )
    # Set from the pages already loaded, so that following the relations costs no query.
    for statement in statements:
        statement.condition = pages[statement.condition_id]
        statement.therapy = pages.get(statement.therapy_id)
    # In Python, because the order of the pages is that of the first query.
    order = {article.pk: place for place, article in enumerate(conditions)}
    statements.sort(key=lambda statement: (order[statement.condition_id], statement.row, statement.pk))
    return Evidence(conditions, statements)


def number_of_papers(statements) -> int:
    """The number of different papers that the statements cite. Retracted and rejected ones no longer count."""
    return len(
        {reference.pk for statement in statements for reference in statement.references.all() if reference.is_citable}
    )


def intervention_labels() -> dict[str, str]:
    """The interventions, in the order of the map's rows, with their labels."""
    return {value: str(label) for value, label in Intervention.choices}
