"""All the evidence that readers may see, in three queries."""

from dataclasses import dataclass

from django.db.models import Prefetch

from education.models import Article, EvidenceStatement, Intervention, Kind, Reference


@dataclass(frozen=True)
class Evidence:
    """The conditions that have a page, and every published statement about one of them, in the order of the page."""

    conditions: list[Article]
    statements: list[EvidenceStatement]


def known_evidence(language) -> Evidence:
    """Statements with their condition, their therapy's page (None if it is not public) and their public references."""
    pages = {
        article.pk: article
        for article in Article.objects.published()
        .in_language(language)
        .filter(kind__in=[Kind.CONDITION, Kind.THERAPY])
        .with_live()
        # The text of the pages is most of what the database would send, and nothing here shows it.
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
    for statement in statements:
        statement.condition = pages[statement.condition_id]
        statement.therapy = pages.get(statement.therapy_id)
    order = {article.pk: place for place, article in enumerate(conditions)}
    statements.sort(key=lambda statement: (order[statement.condition_id], statement.row, statement.pk))
    return Evidence(conditions, statements)


def number_of_papers(statements) -> int:
    """Number of different papers that statements cite. One that its journal has withdrawn counts no more."""
    return len(
        {reference.pk for statement in statements for reference in statement.references.all() if reference.is_citable}
    )


def intervention_labels() -> dict[str, str]:
    """The rows of the map in their order."""
    return {value: str(label) for value, label in Intervention.choices}
